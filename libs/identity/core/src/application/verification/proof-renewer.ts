import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import { PendingWrites } from './pending-writes.js';
import type { ApiKeyRepository, ProofRenewal } from '../ports/api-key-repository.js';

/**
 * Collects proofs that should move to the current pepper. Not written by the request that found one: after a rotation
 * each key would wait for a write, and fail where the store is busy.
 */
export class ProofRenewer {
  readonly #pending: PendingWrites<ProofRenewal>;

  constructor(apiKeys: ApiKeyRepository) {
    this.#pending = new PendingWrites((renewals) => apiKeys.replaceProofs([...renewals.values()]));
  }

  renew({ id, proof: expected }: ApiKeySecret, proof: string): void {
    this.#pending.add(id, { secretId: id, expected, proof });
  }

  /** Writes what was collected; what cannot be written is kept for the next time, and the error goes on. */
  flush(): Promise<void> {
    return this.#pending.flush();
  }
}
