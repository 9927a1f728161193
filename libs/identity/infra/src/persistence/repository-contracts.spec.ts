import {
  apiKeyRepositoryContract,
  auditLogContract,
  jobLeasesContract,
  organizationRepositoryContract,
} from '@feather-identity/core/testing';
import { afterAll, afterEach, beforeAll, describe, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../testing/open-test-database.js';
import { DATABASES } from '../../testing/test-location.js';

describe.each(DATABASES)('on %s', (type) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(type);
  });
  afterEach(() => database.empty());
  afterAll(() => database.close());

  describe('TypeORM API key repository', () => {
    for (const { promise, run } of apiKeyRepositoryContract) it(promise, () => run(database));
  });

  describe('TypeORM organization repository', () => {
    for (const { promise, run } of organizationRepositoryContract) it(promise, () => run(database));
  });

  describe('TypeORM audit log', () => {
    for (const { promise, run } of auditLogContract) it(promise, () => run(database));
  });

  describe('TypeORM job leases', () => {
    for (const { promise, run } of jobLeasesContract) it(promise, () => run(database));
  });
});
