import type { Caller } from '../../domain/caller.js';

/** Authenticates tokens: against the store of this process, or by asking a service that has one. */
export abstract class ApiKeyVerifier {
  /**
   * Verifies a token in full.
   *
   * @param plainText - the whole token, as the client sent it
   * @param signal - aborts when the client disconnects; then no hash is started
   * @throws IdentityError `authentication.required`, the same for every reason
   * @throws Error of any other kind: no verdict was reached
   */
  abstract execute(plainText: string, signal?: AbortSignal): Promise<Caller>;

  /**
   * Verifies a token at less cost, if it was verified before. Rejects as `execute` does.
   *
   * @returns undefined for any other token
   */
  abstract verifyCached(plainText: string): Promise<Caller> | undefined;

  /**
   * Whether a text that need not be a key, such as a bearer token, is meant as one: a token of this namespace in any
   * environment, valid or not, or what looks like an imported key. A JWT is none. Costs no query.
   */
  abstract recognizes(plainText: string): boolean;
}
