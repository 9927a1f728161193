import { ApiKeyFactory } from '../application/keys/api-key-factory.js';
import { AuditEvents } from '../application/audit/audit-events.js';
import { EscalationWatch } from '../application/audit/escalation-watch.js';
import { ImportApiKeys } from '../application/import/import-api-keys.js';
import { IssueApiKey } from '../application/keys/issue-api-key.js';
import { LastUsedRecorder } from '../application/verification/last-used-recorder.js';
import { OrganizationFactory } from '../application/organizations/organization-factory.js';
import { ProofRenewer } from '../application/verification/proof-renewer.js';
import { SingleFlightVerifier } from '../application/verification/single-flight-verifier.js';
import { VerificationMetrics } from '../application/verification/verification-metrics.js';
import { VerifyApiKey } from '../application/verification/verify-api-key.js';
import type { IdGenerator } from '../application/ports/id-generator.js';
import type { ImportedKeys } from '../application/ports/imported-keys.js';
import type { SecretHasher } from '../application/ports/secret-hasher.js';
import { KeyGenerator } from '../domain/key-generator.js';
import type { RandomSource } from '../domain/random-source.js';
import { TokenFormat } from '../domain/token-format.js';
import { FakeSecretHasher } from './fakes/fake-secret-hasher.js';
import { FixedClock } from './fakes/fixed-clock.js';
import { InMemoryApiKeyRepository } from './fakes/in-memory-api-key-repository.js';
import { InMemoryAuditLog } from './fakes/in-memory-audit-log.js';
import { InMemoryJobLeases } from './fakes/in-memory-job-leases.js';
import { InMemoryUseObservations } from './fakes/in-memory-use-observations.js';
import { InMemoryOrganizationRepository } from './fakes/in-memory-organization-repository.js';
import { InMemoryProofCache } from './fakes/in-memory-proof-cache.js';
import { InMemoryStore } from './fakes/in-memory-store.js';
import { SeededRandomSource } from './fakes/seeded-random-source.js';
import { SequentialIdGenerator } from './fakes/sequential-id-generator.js';

/** Parts of `InMemoryIdentity` that a test brings along. */
export interface InMemoryIdentityOptions {
  readonly store?: InMemoryStore;
  readonly apiKeys?: InMemoryApiKeyRepository;
  readonly hasher?: SecretHasher;
  readonly random?: RandomSource;
  readonly ids?: IdGenerator;
  readonly importedKeys?: ImportedKeys;
}

/** The use cases most tests start from, wired to fakes that share one store and one clock. */
export class InMemoryIdentity {
  readonly format = new TokenFormat('fth', 'test');
  readonly clock = new FixedClock();
  readonly ids: IdGenerator;
  readonly store: InMemoryStore;
  readonly apiKeys: InMemoryApiKeyRepository;
  readonly organizations: InMemoryOrganizationRepository;
  readonly auditLog: InMemoryAuditLog;
  readonly leases = new InMemoryJobLeases();
  readonly observations = new InMemoryUseObservations();
  readonly events: AuditEvents;
  readonly escalations: EscalationWatch;
  readonly hasher: SecretHasher;
  readonly apiKeyFactory: ApiKeyFactory;
  readonly organizationFactory: OrganizationFactory;
  readonly proofs = new InMemoryProofCache();
  readonly metrics = new VerificationMetrics();
  readonly lastUsed: LastUsedRecorder;
  readonly proofRenewer: ProofRenewer;
  readonly issueApiKey: IssueApiKey;
  readonly importApiKeys: ImportApiKeys;
  readonly verifyApiKey: VerifyApiKey;

  constructor(options: InMemoryIdentityOptions = {}) {
    this.store = options.store ?? options.apiKeys?.store ?? new InMemoryStore();
    this.apiKeys = options.apiKeys ?? new InMemoryApiKeyRepository(this.store);
    this.organizations = new InMemoryOrganizationRepository(this.store);
    this.auditLog = new InMemoryAuditLog(this.store);
    this.ids = options.ids ?? new SequentialIdGenerator();
    this.events = new AuditEvents(this.ids, this.clock);
    this.escalations = new EscalationWatch(this.auditLog, this.events);
    this.hasher = options.hasher ?? new FakeSecretHasher();
    const random = options.random ?? new SeededRandomSource('in-memory identity');
    const generator = new KeyGenerator(this.format, random);
    this.apiKeyFactory = new ApiKeyFactory(generator, this.hasher, this.ids, this.clock, this.events);
    this.organizationFactory = new OrganizationFactory(this.apiKeyFactory, this.ids, this.clock, this.events);
    this.lastUsed = new LastUsedRecorder(this.apiKeys);
    this.issueApiKey = new IssueApiKey(this.apiKeys, this.apiKeyFactory, this.escalations, this.clock);
    this.proofRenewer = new ProofRenewer(this.apiKeys);
    const secretVerifier = new SingleFlightVerifier(this.hasher);
    this.importApiKeys = new ImportApiKeys(Object.assign({ random }, this));
    const { importedKeys } = options;
    this.verifyApiKey = new VerifyApiKey(Object.assign({ secretVerifier, importedKeys }, this));
  }
}
