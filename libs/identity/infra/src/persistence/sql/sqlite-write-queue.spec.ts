import { aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import type { NewOrganization } from '@feather-identity/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import type { Write } from './sql.js';
import { SqliteExecutor, SqliteWriteQueue } from './sqlite.js';
import { sqliteConnection } from './sqlite-connection.js';

const CONCURRENT = 20;

describe('writes that wait for SQLite', () => {
  let database: TestDatabase;
  let stored: NewOrganization;
  let queue: SqliteWriteQueue;
  let committed: number;

  beforeEach(async () => {
    database = await openTestDatabase('sqlite');
    stored = aNewOrganization();
    await database.organizations.insert(stored);
    queue = new SqliteWriteQueue(new SqliteExecutor(database.dataSource));
    committed = 0;
    countCommits();
  });
  afterEach(() => database.close());

  /** A transaction that returns outside of any other has committed. */
  function countCommits(): void {
    const connection = sqliteConnection(database.dataSource);
    const transaction = connection.transaction.bind(connection);
    connection.transaction = ((work: () => unknown) => ({
      immediate: () => {
        const result = transaction(work).immediate();
        if (!connection.inTransaction) committed += 1;
        return result;
      },
    })) as unknown as typeof connection.transaction;
  }
  const namesOf = async () => (await database.apiKeys.list(stored.organization.id)).map((apiKey) => apiKey.name);
  const rename = (name: string) =>
    function* (): Write<void> {
      yield { text: 'UPDATE api_keys SET name = ? WHERE id = ?', values: [name, stored.apiKey.id] };
    };
  const statuses = async (...writes: (() => Write<void>)[]) => {
    const outcomes = await Promise.allSettled(writes.map((write) => queue.write(write)));
    return outcomes.map((outcome) => outcome.status);
  };

  it('share a transaction, and with it its sync to disk', async () => {
    const created = Array.from({ length: CONCURRENT }, () => aNewApiKey(stored.owner));
    await Promise.all(created.map((each) => database.apiKeys.insert(each)));
    expect(await namesOf()).toHaveLength(CONCURRENT + 1);
    expect(committed).toBe(1);
  });

  it('are answered after the commit and not before', async () => {
    const answered: number[] = [];
    const write = async () => {
      await queue.write(rename('x'));
      answered.push(committed);
    };
    const first = write();
    await Promise.all([first, write(), first.then(write)]);
    expect(answered).toEqual([1, 1, 2]);
  });

  it('do not share a failure: what the failed one wrote is undone, the others stay', async () => {
    const fail = function* (): Write<void> {
      yield* rename('failed')();
      throw new Error('refused');
    };
    expect(await statuses(rename('first'), rename('second'), fail)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(await namesOf()).toEqual(['second']);
  });

  it('hear of a failed statement where they asked for it, and may go on', async () => {
    const goOn = function* (): Write<void> {
      try {
        yield { text: 'INSERT INTO api_keys (id) VALUES (NULL)', values: [] };
      } catch {
        yield* rename('went on')();
      }
    };
    expect(await statuses(goOn)).toEqual(['fulfilled']);
    expect(await namesOf()).toEqual(['went on']);
  });

  it('fail together when SQLite has rolled back by itself, and none of them is stored (DU5)', async () => {
    const rolledBack = function* (): Write<void> {
      yield { text: 'ROLLBACK', values: [] };
      throw new Error('disk full');
    };
    expect(await statuses(rename('first'), rolledBack, rename('third'))).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await namesOf()).toEqual([stored.apiKey.name]);
    await queue.write(rename('afterwards'));
    expect(await namesOf()).toEqual(['afterwards']);
  });

  it('fail together when the commit fails', async () => {
    const orphan = function* (): Write<void> {
      yield { text: 'PRAGMA defer_foreign_keys = ON', values: [] };
      yield { text: 'UPDATE api_keys SET member_id = ?', values: ['nobody'] };
    };
    expect(await statuses(rename('a'), orphan, rename('c'))).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await namesOf()).toEqual([stored.apiKey.name]);
    expect(sqliteConnection(database.dataSource).inTransaction).toBe(false);
  });
});
