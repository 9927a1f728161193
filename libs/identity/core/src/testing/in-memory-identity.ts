import { Identity, type IdentityPorts, type IdentitySettings } from '../application/identity.js';
import { TokenFormat } from '../domain/token-format.js';
import { FakeSecretHasher } from './fakes/fake-secret-hasher.js';
import { FixedClock } from './fakes/fixed-clock.js';
import { InMemoryApiKeyRepository } from './fakes/in-memory-api-key-repository.js';
import { InMemoryAuditLog } from './fakes/in-memory-audit-log.js';
import { InMemoryConsoleSessions } from './fakes/in-memory-console-sessions.js';
import { InMemoryJobLeases } from './fakes/in-memory-job-leases.js';
import { InMemoryMemberRepository } from './fakes/in-memory-member-repository.js';
import { InMemoryOperatorKeyRepository } from './fakes/in-memory-operator-key-repository.js';
import { InMemoryOrganizationRepository } from './fakes/in-memory-organization-repository.js';
import { InMemoryProofCache } from './fakes/in-memory-proof-cache.js';
import { InMemoryQuotaUses } from './fakes/in-memory-quota-uses.js';
import { InMemoryStore } from './fakes/in-memory-store.js';
import { InMemoryUseObservations } from './fakes/in-memory-use-observations.js';
import { SeededRandomSource } from './fakes/seeded-random-source.js';
import { SequentialIdGenerator } from './fakes/sequential-id-generator.js';

/** What a test decides about its `InMemoryIdentity`: a store that several share, and adapters in place of the fakes. */
export interface InMemoryIdentityOptions
  extends
    Partial<Pick<IdentityPorts, 'random' | 'ids' | 'importedKeys' | 'leases' | 'quotaUses'>>,
    Pick<IdentitySettings, 'maxKeysPerOrganization' | 'scopeCatalogue'> {
  readonly store?: InMemoryStore;
  readonly apiKeys?: InMemoryApiKeyRepository;
  readonly hasher?: IdentityPorts['secretHasher'];
}

/** The prefix of tokens in memory. */
export const IN_MEMORY_TOKENS = new TokenFormat('fth', 'test');

/** Fakes that share one store. There are no transactions: what is written within one stays. */
export function inMemoryPorts(options: InMemoryIdentityOptions = {}) {
  const store = options.store ?? options.apiKeys?.store ?? new InMemoryStore();
  const operatorKeys = new InMemoryOperatorKeyRepository();
  const repositories = {
    apiKeys: options.apiKeys ?? new InMemoryApiKeyRepository(store),
    organizations: new InMemoryOrganizationRepository(store),
    members: new InMemoryMemberRepository(store),
    auditLog: new InMemoryAuditLog(store),
  };
  return {
    ...repositories,
    operatorKeys,
    consoleSessions: new InMemoryConsoleSessions(store, operatorKeys),
    joinTransaction: () => repositories,
    leases: options.leases ?? new InMemoryJobLeases(),
    observations: new InMemoryUseObservations(),
    quotaUses: options.quotaUses ?? new InMemoryQuotaUses(),
    secretHasher: options.hasher ?? new FakeSecretHasher(),
    proofs: new InMemoryProofCache(),
    random: options.random ?? new SeededRandomSource('in-memory identity'),
    ids: options.ids ?? new SequentialIdGenerator(),
    clock: new FixedClock(),
    importedKeys: options.importedKeys,
  };
}

/** Every use case on fakes that share one store and one clock. */
export class InMemoryIdentity extends Identity {
  readonly store: InMemoryStore;
  readonly apiKeys: InMemoryApiKeyRepository;
  readonly organizations: InMemoryOrganizationRepository;
  readonly members: InMemoryMemberRepository;
  readonly operatorKeys: InMemoryOperatorKeyRepository;
  readonly auditLog: InMemoryAuditLog;
  readonly consoleSessions: InMemoryConsoleSessions;
  readonly observations: InMemoryUseObservations;
  readonly quotaUses: IdentityPorts['quotaUses'];
  readonly proofs: InMemoryProofCache;
  readonly clock: FixedClock;
  readonly leases: IdentityPorts['leases'];
  readonly hasher: IdentityPorts['secretHasher'];
  readonly ids: IdentityPorts['ids'];
  readonly format: TokenFormat;

  constructor(options: InMemoryIdentityOptions = {}) {
    const ports = inMemoryPorts(options);
    const { maxKeysPerOrganization, scopeCatalogue } = options;
    super(ports, { tokenFormat: IN_MEMORY_TOKENS, maxKeysPerOrganization, scopeCatalogue });
    this.store = ports.apiKeys.store;
    this.format = IN_MEMORY_TOKENS;
    this.hasher = ports.secretHasher;
    ({
      apiKeys: this.apiKeys,
      organizations: this.organizations,
      members: this.members,
      operatorKeys: this.operatorKeys,
      auditLog: this.auditLog,
      consoleSessions: this.consoleSessions,
      leases: this.leases,
      observations: this.observations,
      quotaUses: this.quotaUses,
      proofs: this.proofs,
      ids: this.ids,
      clock: this.clock,
    } = ports);
  }
}
