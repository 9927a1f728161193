import type { SecretVerifiers } from '../../domain/api-key-secret.js';
import type { Token } from '../../domain/token.js';

/** `renewedProof` is set when the stored proof should be replaced by it (unknown or old pepper). */
export type SecretVerdict = { readonly valid: false } | { readonly valid: true; readonly renewedProof: string | null };

/**
 * Makes and checks the stored verifiers of a secret. Both may wait for their turn, and throw `hashing.overloaded` when it
 * does not come in time, or when `signal` aborts before it comes.
 */
export abstract class SecretHasher {
  /** Verifiers of a new token; never reversible, and different for every token. */
  abstract hash(token: Token, signal?: AbortSignal): Promise<SecretVerifiers>;

  /**
   * Whether `token` is the one that `stored` was made of, in constant time. A stored value that is damaged or of an
   * unknown scheme is a "no", never an exception. An aborted check is never answered with a wrong verdict.
   */
  abstract verify(token: Token, stored: SecretVerifiers, signal?: AbortSignal): Promise<SecretVerdict>;
}
