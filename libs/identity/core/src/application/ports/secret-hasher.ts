import type { SecretVerifiers } from '../../domain/api-key-secret.js';
import type { Token } from '../../domain/token.js';

/** `renewedProof` is not null if it should replace the stored proof, whose pepper is old or unknown. */
export type SecretVerdict = { readonly valid: false } | { readonly valid: true; readonly renewedProof: string | null };

/**
 * Makes and checks the stored verifiers of a secret. Each method may wait for its turn. It throws `hashing.overloaded`
 * if the turn does not come in time, or if `signal` aborts before it comes.
 */
export abstract class SecretHasher {
  /** Makes the verifiers of a new token. They cannot be reversed, and differ for every token. */
  abstract hash(token: Token, signal?: AbortSignal): Promise<SecretVerifiers>;

  /**
   * Whether `stored` was made from `token`, in constant time. A stored value that is damaged or of an unknown scheme is
   * a "no", never an exception. An aborted check never returns a wrong verdict.
   */
  abstract verify(token: Token, stored: SecretVerifiers, signal?: AbortSignal): Promise<SecretVerdict>;
}
