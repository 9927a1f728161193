import type { Caller } from '../../domain/caller.js';

/** Tells who holds a token: from the store of this process, or by asking a service that has one. */
export abstract class ApiKeyVerifier {
  /**
   * Verifies a token in full. No hash is begun once `signal` has aborted, as it does when the client leaves.
   * Throws one and the same `authentication.required` whatever is wrong; other errors mean that no verdict was reached.
   */
  abstract execute(plainText: string, signal?: AbortSignal): Promise<Caller>;

  /** The same at less cost for a token that was verified before; undefined for any other. */
  abstract verifyCached(plainText: string): Promise<Caller> | undefined;
}
