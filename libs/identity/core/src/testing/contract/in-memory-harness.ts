import { InMemoryApiKeyRepository } from '../fakes/in-memory-api-key-repository.js';
import { InMemoryAuditLog } from '../fakes/in-memory-audit-log.js';
import { InMemoryConsoleSessions } from '../fakes/in-memory-console-sessions.js';
import { InMemoryUseObservations } from '../fakes/in-memory-use-observations.js';
import { InMemoryJobLeases } from '../fakes/in-memory-job-leases.js';
import { InMemoryMemberRepository } from '../fakes/in-memory-member-repository.js';
import { InMemoryOperatorKeyRepository } from '../fakes/in-memory-operator-key-repository.js';
import { InMemoryOrganizationRepository } from '../fakes/in-memory-organization-repository.js';
import { InMemoryQuotaUses } from '../fakes/in-memory-quota-uses.js';
import { InMemoryStore } from '../fakes/in-memory-store.js';
import type { RepositoryHarness } from './repository-harness.js';

/** The fakes over an empty store, with some of them replaced by others. */
export function inMemoryHarness(
  replace: (store: InMemoryStore) => Partial<RepositoryHarness> = () => ({}),
): RepositoryHarness {
  const store = new InMemoryStore();
  const operatorKeys = new InMemoryOperatorKeyRepository();
  return {
    apiKeys: new InMemoryApiKeyRepository(store),
    organizations: new InMemoryOrganizationRepository(store),
    members: new InMemoryMemberRepository(store),
    operatorKeys,
    consoleSessions: new InMemoryConsoleSessions(store, operatorKeys),
    auditLog: new InMemoryAuditLog(store),
    jobLeases: new InMemoryJobLeases(),
    observations: new InMemoryUseObservations(),
    quotaUses: new InMemoryQuotaUses(),
    ...replace(store),
  };
}
