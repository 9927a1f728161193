import { aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import type { NewOrganization } from '@feather-identity/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../testing/open-test-database.js';
import { SqliteWriteQueue } from './sqlite-write-queue.js';

const CONCURRENT = 20;

describe('writes that wait for SQLite', () => {
  let database: TestDatabase;
  let stored: NewOrganization;
  let queue: SqliteWriteQueue;
  let statements: string[];

  beforeEach(async () => {
    database = await openTestDatabase('sqlite');
    stored = aNewOrganization();
    await database.organizations.insert(stored);
    queue = new SqliteWriteQueue(database.dataSource);
    statements = [];
    database.dataSource.logger.logQuery = (text) => void statements.push(text);
  });
  afterEach(() => database.close());

  const count = (statement: string) => statements.filter((each) => each === statement).length;
  const namesOf = async () => (await database.apiKeys.list(stored.organization.id)).map((apiKey) => apiKey.name);
  const rename = (name: string) => () =>
    database.dataSource.query('UPDATE api_keys SET name = ? WHERE id = ?', [name, stored.apiKey.id]);

  it('share a transaction, and with it its sync to disk', async () => {
    const created = Array.from({ length: CONCURRENT }, () => aNewApiKey(stored.owner));
    await Promise.all(created.map((each) => database.apiKeys.insert(each)));
    expect(await namesOf()).toHaveLength(CONCURRENT + 1);
    // The first found nobody before it; the others waited for it together.
    expect([count('BEGIN IMMEDIATE'), count('COMMIT')]).toEqual([2, 2]);
  });

  it('are answered after the commit and not before', async () => {
    const answered: number[] = [];
    const write = async () => {
      await queue.write(rename('x'));
      answered.push(count('COMMIT'));
    };
    await Promise.all([write(), write(), write()]);
    expect(answered).toEqual([1, 2, 2]);
  });

  it('do not share a failure: what the failed one wrote is undone, the others stay', async () => {
    const fail = async () => {
      await rename('failed')();
      throw new Error('refused');
    };
    const outcomes = await Promise.allSettled([
      queue.write(rename('first')),
      queue.write(rename('second')),
      queue.write(fail),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(await namesOf()).toEqual(['second']);
  });

  it('fail together when SQLite has rolled back by itself, and none of them is stored (DU5)', async () => {
    const rolledBack = async () => {
      await database.dataSource.query('ROLLBACK');
      throw new Error('disk full');
    };
    const outcomes = await Promise.allSettled([
      queue.write(rename('first')),
      queue.write(rename('second')),
      queue.write(rolledBack),
      queue.write(rename('third')),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    expect(await namesOf()).toEqual(['first']);
    await queue.write(rename('afterwards'));
    expect(await namesOf()).toEqual(['afterwards']);
  });

  it('fail together when the commit fails', async () => {
    const query = database.dataSource.query.bind(database.dataSource);
    await queue.write(rename('before'));
    database.dataSource.query = (text: string, ...rest: []) => {
      if (text === 'COMMIT') return Promise.reject(new Error('I/O error'));
      return query(text, ...rest);
    };
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => queue.write(rename(name))));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await namesOf()).toEqual(['before']);
  });
});
