import { describe, it } from '@jest/globals';
import type { ProofRenewal, Revocation } from '../../application/ports/api-key-repository.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import { copyApiKey } from '../fakes/copies.js';
import { InMemoryApiKeyRepository } from '../fakes/in-memory-api-key-repository.js';
import { apiKeyRepositoryContract } from './api-key-repository-contract.js';
import { assertCatches } from './contract-case.js';
import { inMemoryHarness } from './in-memory-harness.js';

// Each class breaks one promise, as an adapter would: `save` for `insert`, a forgotten filter, a race.

const NOTHING_ELSE: Revocation = { revokedDescendants: 0, livingDescendants: { count: 0, isComplete: true } };

class RevokesForAnyone extends InMemoryApiKeyRepository {
  override async revoke(_organizationId: string, apiKeyId: string, event: AuditEvent): Promise<Revocation | null> {
    return super.revoke(this.store.apiKeys.get(apiKeyId)?.organizationId ?? '', apiKeyId, event);
  }
}

class RevokesAgain extends InMemoryApiKeyRepository {
  override async revoke(organizationId: string, apiKeyId: string, event: AuditEvent): Promise<Revocation | null> {
    const stored = this.store.apiKeys.get(apiKeyId);
    if (stored) this.store.apiKeys.set(apiKeyId, copyApiKey(stored, { revokedAt: null }));
    return super.revoke(organizationId, apiKeyId, event);
  }
}

class ChecksBeforeItRevokes extends InMemoryApiKeyRepository {
  override async revoke(organizationId: string, apiKeyId: string, event: AuditEvent): Promise<Revocation | null> {
    const stored = this.store.apiKeys.get(apiKeyId);
    const open = stored?.organizationId === organizationId && stored.revokedAt === null;
    await Promise.resolve();
    await super.revoke(organizationId, apiKeyId, event);
    return open ? NOTHING_ELSE : null;
  }
}

class RecordsEachAttempt extends InMemoryApiKeyRepository {
  override async revoke(organizationId: string, apiKeyId: string, event: AuditEvent): Promise<Revocation | null> {
    const revocation = await super.revoke(organizationId, apiKeyId, event);
    if (revocation === null) this.store.addEvent(event);
    return revocation;
  }
}

class RevokesWithoutItsEvent extends InMemoryApiKeyRepository {
  override async revoke(organizationId: string, apiKeyId: string, event: AuditEvent): Promise<Revocation | null> {
    const stored = this.store.apiKeys.get(apiKeyId);
    await super.revoke(organizationId, apiKeyId, event).catch((error: unknown) => {
      if (stored) this.store.apiKeys.set(apiKeyId, copyApiKey(stored, { revokedAt: event.occurredAt }));
      throw error;
    });
    return NOTHING_ELSE;
  }
}

class ReplacesAnyProof extends InMemoryApiKeyRepository {
  override replaceProofs(renewals: readonly ProofRenewal[]): Promise<void> {
    const proofOf = (secretId: string) => this.store.secrets.get(secretId)?.proof ?? null;
    return super.replaceProofs(renewals.map((renewal) => ({ ...renewal, expected: proofOf(renewal.secretId) })));
  }
}

class RenewsRevokedKeys extends InMemoryApiKeyRepository {
  override async replaceProofs(renewals: readonly ProofRenewal[]): Promise<void> {
    for (const { secretId, expected, proof } of renewals) {
      const secret = this.store.secrets.get(secretId);
      if (secret?.proof === expected) this.store.secrets.set(secretId, { ...secret, proof });
    }
  }
}

class ReplacesTheFirstProof extends InMemoryApiKeyRepository {
  override replaceProofs(renewals: readonly ProofRenewal[]): Promise<void> {
    return super.replaceProofs(renewals.slice(0, 1));
  }
}

class RecordsTheLastWrite extends InMemoryApiKeyRepository {
  override async recordLastUsed(lastUsed: ReadonlyMap<string, Date>): Promise<void> {
    for (const [id, at] of lastUsed) {
      const stored = this.store.apiKeys.get(id);
      if (stored) this.store.apiKeys.set(id, copyApiKey(stored, { lastUsedAt: at }));
    }
  }
}

class StopsAtUnknownIds extends InMemoryApiKeyRepository {
  override async recordLastUsed(lastUsed: ReadonlyMap<string, Date>): Promise<void> {
    if ([...lastUsed.keys()].some((id) => !this.store.apiKeys.has(id))) throw new Error('unknown id');
    await super.recordLastUsed(lastUsed);
  }
}

/** A broken adapter, and the beginning of a promise that must catch it. */
const CAUGHT = [
  [RevokesForAnyone, "revoke answers null for another organization's key"],
  [RevokesAgain, 'revoke answers null for a key that was revoked before'],
  [ChecksBeforeItRevokes, 'of 16 concurrent revocations of one key'],
  [RecordsEachAttempt, 'revoke writes its event where it revokes'],
  [RevokesWithoutItsEvent, 'a revocation and its event are stored together'],
  [ReplacesAnyProof, 'replaceProofs leaves a proof alone'],
  [ReplacesAnyProof, 'of concurrent replacements of one proof'],
  [RenewsRevokedKeys, 'replaceProofs never writes to a revoked key'],
  [ReplacesTheFirstProof, 'replaceProofs goes on behind one'],
  [RecordsTheLastWrite, 'recordLastUsed never goes back'],
  [StopsAtUnknownIds, 'recordLastUsed ignores unknown ids'],
] as const;

describe('the contract of an adapter that changes keys', () => {
  for (const [Adapter, promise] of CAUGHT) {
    it(`catches one that ${Adapter.name}: ${promise}`, async () => {
      const harness = inMemoryHarness((store) => ({ apiKeys: new Adapter(store) }));
      await assertCatches(apiKeyRepositoryContract, promise, harness);
    });
  }
});
