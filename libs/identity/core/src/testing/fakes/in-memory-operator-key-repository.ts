import {
  type NewOperatorKey,
  type OperatorEventQuery,
  OperatorKeyRepository,
  type OperatorKeyUse,
} from '../../application/ports/operator-key-repository.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { OperatorEvent, OperatorKey, StoredOperatorKey } from '../../domain/operator-key.js';

/** Operator keys in memory, with every promise of the port but durability. Holds what it is given: nothing changes it. */
export class InMemoryOperatorKeyRepository extends OperatorKeyRepository {
  readonly stored = new Map<string, StoredOperatorKey>();
  readonly events: OperatorEvent[] = [];

  override async insert({ event, ...created }: NewOperatorKey): Promise<void> {
    const { id, keyPrefix } = created.operatorKey;
    if (this.stored.has(id) || (await this.find(keyPrefix)) !== null) {
      throw new IdentityError('api_key.conflict', 'The operator key exists already.');
    }
    this.stored.set(id, created);
    this.events.push(event);
  }

  override async list(): Promise<OperatorKey[]> {
    return [...this.stored.values()].map(({ operatorKey }) => operatorKey).sort(newestFirst);
  }

  override async exists(): Promise<boolean> {
    return this.stored.size > 0;
  }

  override async find(keyPrefix: string): Promise<StoredOperatorKey | null> {
    return [...this.stored.values()].find(({ operatorKey }) => operatorKey.keyPrefix === keyPrefix) ?? null;
  }

  override async revoke(id: string, event: OperatorEvent): Promise<boolean> {
    const stored = this.stored.get(id);
    if (stored === undefined || stored.operatorKey.revokedAt !== null) return false;
    this.stored.set(id, { ...stored, operatorKey: { ...stored.operatorKey, revokedAt: event.occurredAt } });
    this.events.push(event);
    return true;
  }

  override async recordUse(id: string, { at, renewedProof }: OperatorKeyUse): Promise<void> {
    const stored = this.stored.get(id);
    if (stored === undefined) return;
    const { lastUsedAt } = stored.operatorKey;
    const operatorKey = { ...stored.operatorKey, lastUsedAt: lastUsedAt !== null && lastUsedAt > at ? lastUsedAt : at };
    this.stored.set(id, { ...stored, operatorKey, proof: renewedProof ?? stored.proof });
  }

  override async listEvents({ limit, after }: OperatorEventQuery): Promise<OperatorEvent[]> {
    return this.events
      .filter(({ id }) => after === undefined || id < after)
      .sort(newestFirst)
      .slice(0, limit);
  }
}

function newestFirst(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? 1 : -1;
}
