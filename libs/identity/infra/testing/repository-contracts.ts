import {
  apiKeyRepositoryContract,
  auditLogContract,
  consoleSessionsContract,
  jobLeasesContract,
  memberRepositoryContract,
  operatorKeyRepositoryContract,
  quotaUsesContract,
  useObservationsContract,
  organizationRepositoryContract,
} from '@feather-identity/core/testing';
import { afterAll, afterEach, beforeAll, describe, it } from '@jest/globals';
import type { TestDatabase } from './open-test-database.js';

const CONTRACTS = {
  'API key repository': apiKeyRepositoryContract,
  'organization repository': organizationRepositoryContract,
  'member repository': memberRepositoryContract,
  'operator key repository': operatorKeyRepositoryContract,
  'audit log': auditLogContract,
  'job leases': jobLeasesContract,
  'use observations': useObservationsContract,
  'quota uses': quotaUsesContract,
  'console sessions': consoleSessionsContract,
};

/** Runs the contracts of all repositories on each of these databases. */
export function describeRepositories(databases: Readonly<Record<string, () => Promise<TestDatabase>>>): void {
  describe.each(Object.entries(databases))('on %s', (_name, open) => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await open();
    });
    afterEach(() => database.empty());
    afterAll(() => database.close());

    describe.each(Object.entries(CONTRACTS))('TypeORM %s', (_contract, cases) => {
      for (const { promise, run } of cases) it(promise, () => run(database));
    });
  });
}
