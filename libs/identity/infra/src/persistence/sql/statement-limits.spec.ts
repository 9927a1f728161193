import { aNewOrganization, aRevocationOf } from '@feather-identity/core/testing';
import { describe, expect, it } from '@jest/globals';
import { openTestDatabase } from '../../../testing/open-test-database.js';

const PATIENCE_MS = 15_000;
const LIMIT_MS = 8000;

describe('PostgreSQL', () => {
  it(
    'ends a write whose row another session keeps locked, and a statement that runs too long, in storage.unavailable',
    async () => {
      const database = await openTestDatabase('postgres');
      const created = aNewOrganization();
      const locker = database.dataSource.createQueryRunner();
      await database.organizations.insert(created);
      await locker.query('BEGIN');
      await locker.query('LOCK TABLE api_keys');
      const started = performance.now();
      const outcomes = await Promise.allSettled([
        database.apiKeys.revoke(created.organization.id, created.apiKey.id, aRevocationOf(created.apiKey)),
        database.storage.read({ text: 'SELECT pg_sleep(30)', values: [] }),
      ]);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'storage.unavailable' } });
      }
      expect(performance.now() - started).toBeLessThan(LIMIT_MS);
      await locker.query('ROLLBACK');
      await locker.release();
      await database.close();
    },
    PATIENCE_MS,
  );
});
