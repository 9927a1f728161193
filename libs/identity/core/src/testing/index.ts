export {
  aKeyPrefix,
  aMember,
  anApiKey,
  anAuditEvent,
  aNewApiKey,
  aNewImportedApiKey,
  aNewOrganization,
  anId,
  anImportedApiKey,
  anOrganization,
  aRevocationOf,
  aSecretOf,
} from './builders.js';
export { FakeApiKeyVerifier } from './fakes/fake-api-key-verifier.js';
export { FakeImportedKeys } from './fakes/fake-imported-keys.js';
export { FakeSecretHasher } from './fakes/fake-secret-hasher.js';
export { FixedClock } from './fakes/fixed-clock.js';
export { InMemoryApiKeyRepository } from './fakes/in-memory-api-key-repository.js';
export { InMemoryAuditLog } from './fakes/in-memory-audit-log.js';
export { InMemoryUseObservations } from './fakes/in-memory-use-observations.js';
export { InMemoryConsoleSessions } from './fakes/in-memory-console-sessions.js';
export { InMemoryJobLeases } from './fakes/in-memory-job-leases.js';
export { InMemoryMemberRepository } from './fakes/in-memory-member-repository.js';
export { InMemoryOperatorKeyRepository } from './fakes/in-memory-operator-key-repository.js';
export { InMemoryOrganizationRepository } from './fakes/in-memory-organization-repository.js';
export { InMemoryProofCache } from './fakes/in-memory-proof-cache.js';
export { InMemoryStore } from './fakes/in-memory-store.js';
export { SeededRandomSource } from './fakes/seeded-random-source.js';
export { SequentialIdGenerator } from './fakes/sequential-id-generator.js';
export {
  IN_MEMORY_TOKENS,
  InMemoryIdentity,
  type InMemoryIdentityOptions,
  inMemoryPorts,
} from './in-memory-identity.js';
export { apiKeyRepositoryContract } from './contract/api-key-repository-contract.js';
export { auditLogContract } from './contract/audit-log-contract.js';
export { assertRefused, type ContractCase } from './contract/contract-case.js';
export { usageCountsContract } from './contract/usage-counts-contract.js';
export { consoleSessionsContract } from './contract/console-sessions-contract.js';
export { quotaUsesContract } from './contract/quota-uses-contract.js';
export { useObservationsContract } from './contract/use-observations-contract.js';
export { jobLeasesContract } from './contract/job-leases-contract.js';
export { memberRepositoryContract } from './contract/member-repository-contract.js';
export { operatorKeyRepositoryContract } from './contract/operator-key-repository-contract.js';
export { organizationRepositoryContract } from './contract/organization-repository-contract.js';
export { rateLimitStoreContract, type RateLimitStoreHarness } from './contract/rate-limit-store-contract.js';
export { type RepositoryHarness, storedOrganization } from './contract/repository-harness.js';
export { secretHasherContract, type SecretHasherHarness } from './contract/secret-hasher-contract.js';
export { testCaller, type TestCallerFields } from './test-caller.js';
