import { Identity, type IdentityPorts, type IdentitySettings } from '../application/identity.js';
import { TokenFormat } from '../domain/token-format.js';
import { FakeSecretHasher } from './fakes/fake-secret-hasher.js';
import { FixedClock } from './fakes/fixed-clock.js';
import { InMemoryApiKeyRepository } from './fakes/in-memory-api-key-repository.js';
import { InMemoryAuditLog } from './fakes/in-memory-audit-log.js';
import { InMemoryJobLeases } from './fakes/in-memory-job-leases.js';
import { InMemoryOrganizationRepository } from './fakes/in-memory-organization-repository.js';
import { InMemoryProofCache } from './fakes/in-memory-proof-cache.js';
import { InMemoryStore } from './fakes/in-memory-store.js';
import { InMemoryUseObservations } from './fakes/in-memory-use-observations.js';
import { SeededRandomSource } from './fakes/seeded-random-source.js';
import { SequentialIdGenerator } from './fakes/sequential-id-generator.js';

/** What a test decides about its `InMemoryIdentity`: a store that several share, and adapters in place of the fakes. */
export interface InMemoryIdentityOptions
  extends
    Partial<Pick<IdentityPorts, 'random' | 'ids' | 'importedKeys' | 'leases'>>,
    Pick<IdentitySettings, 'maxKeysPerOrganization' | 'scopeCatalogue'> {
  readonly store?: InMemoryStore;
  readonly apiKeys?: InMemoryApiKeyRepository;
  readonly hasher?: IdentityPorts['secretHasher'];
}

/** Every use case on fakes that share one store and one clock. */
export class InMemoryIdentity extends Identity {
  readonly store: InMemoryStore;
  readonly apiKeys: InMemoryApiKeyRepository;
  readonly organizations: InMemoryOrganizationRepository;
  readonly auditLog: InMemoryAuditLog;
  readonly observations: InMemoryUseObservations;
  readonly proofs: InMemoryProofCache;
  readonly clock: FixedClock;
  readonly leases: IdentityPorts['leases'];
  readonly hasher: IdentityPorts['secretHasher'];
  readonly ids: IdentityPorts['ids'];
  readonly format: TokenFormat;

  constructor(options: InMemoryIdentityOptions = {}) {
    const store = options.store ?? options.apiKeys?.store ?? new InMemoryStore();
    const ports = {
      apiKeys: options.apiKeys ?? new InMemoryApiKeyRepository(store),
      organizations: new InMemoryOrganizationRepository(store),
      auditLog: new InMemoryAuditLog(store),
      leases: options.leases ?? new InMemoryJobLeases(),
      observations: new InMemoryUseObservations(),
      secretHasher: options.hasher ?? new FakeSecretHasher(),
      proofs: new InMemoryProofCache(),
      random: options.random ?? new SeededRandomSource('in-memory identity'),
      ids: options.ids ?? new SequentialIdGenerator(),
      clock: new FixedClock(),
      importedKeys: options.importedKeys,
    };
    const format = new TokenFormat('fth', 'test');
    const { maxKeysPerOrganization, scopeCatalogue } = options;
    super(ports, { tokenFormat: format, maxKeysPerOrganization, scopeCatalogue });
    this.store = store;
    this.format = format;
    this.hasher = ports.secretHasher;
    ({
      apiKeys: this.apiKeys,
      organizations: this.organizations,
      auditLog: this.auditLog,
      leases: this.leases,
      observations: this.observations,
      proofs: this.proofs,
      ids: this.ids,
      clock: this.clock,
    } = ports);
  }
}
