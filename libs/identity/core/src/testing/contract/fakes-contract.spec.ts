import { describe, it } from '@jest/globals';
import { FakeSecretHasher } from '../fakes/fake-secret-hasher.js';
import { apiKeyRepositoryContract } from './api-key-repository-contract.js';
import { auditLogContract } from './audit-log-contract.js';
import { consoleSessionsContract } from './console-sessions-contract.js';
import { inMemoryHarness } from './in-memory-harness.js';
import { jobLeasesContract } from './job-leases-contract.js';
import { memberRepositoryContract } from './member-repository-contract.js';
import { operatorKeyRepositoryContract } from './operator-key-repository-contract.js';
import { organizationRepositoryContract } from './organization-repository-contract.js';
import { secretHasherContract } from './secret-hasher-contract.js';
import { quotaUsesContract } from './quota-uses-contract.js';
import { useObservationsContract } from './use-observations-contract.js';

describe('in-memory API key repository', () => {
  for (const { promise, run } of apiKeyRepositoryContract) it(promise, () => run(inMemoryHarness()));
});

describe('in-memory organization repository', () => {
  for (const { promise, run } of organizationRepositoryContract) it(promise, () => run(inMemoryHarness()));
});

describe('in-memory member repository', () => {
  for (const { promise, run } of memberRepositoryContract) it(promise, () => run(inMemoryHarness()));
});

describe('in-memory operator key repository', () => {
  for (const { promise, run } of operatorKeyRepositoryContract) it(promise, () => run(inMemoryHarness()));
});

describe('in-memory audit log', () => {
  for (const { promise, run } of auditLogContract) it(promise, () => run(inMemoryHarness()));
});

describe('in-memory job leases', () => {
  for (const { promise, run } of jobLeasesContract) it(promise, () => run(inMemoryHarness()));
});

describe('in-memory use observations', () => {
  for (const { promise, run } of useObservationsContract) it(promise, () => run(inMemoryHarness()));
  for (const { promise, run } of quotaUsesContract) it(promise, () => run(inMemoryHarness()));
});

describe('in-memory console sessions', () => {
  for (const { promise, run } of consoleSessionsContract) it(promise, () => run(inMemoryHarness()));
});

describe('fake secret hasher', () => {
  for (const { promise, run } of secretHasherContract) it(promise, () => run({ hasher: new FakeSecretHasher() }));
});
