import { describe, expect, it } from '@jest/globals';
import { AbstractLogger, type LogMessage } from 'typeorm';
import { faultsOfExpansion } from '../../../testing/migration-rules.js';
import { DATABASES, emptyLocation } from '../../../testing/test-location.js';
import { identityMigrations } from '../migrations/identity-migrations.js';
import { openDatabase } from './open-database.js';

/** Migrations from before this rule. */
const OLDER = ['CreateIdentityTables1764000000000', 'AddKeyLife1764100000000', 'AddImportedKeys1764200000000'];
/** Those that change nothing on SQLite. */
const OF_POSTGRES = ['ExpandIdentityCreatorStatistics1764710000000'];
const NAMES = identityMigrations().map((Migration) => new Migration().name);

/** Collects what is sent for each migration: what is sent until its name is recorded. */
class MigrationLog extends AbstractLogger {
  readonly statements = new Map<string, readonly string[]>();
  #pending: string[] = [];

  constructor() {
    super('all');
  }

  protected override writeLog(_level: string, message: LogMessage | LogMessage[]): void {
    for (const each of [message].flat()) {
      if (typeof each !== 'object' || each.type !== 'query') continue;
      const text = String(each.message);
      const recorded = text.startsWith('INSERT INTO "migrations"')
        ? NAMES.find((name) => (each.parameters as unknown[]).includes(name))
        : undefined;
      if (recorded === undefined) this.#pending.push(text);
      else {
        this.statements.set(recorded, this.#pending);
        this.#pending = [];
      }
    }
  }
}

it('every migration says by its name whether it only adds, or removes what the release before does not use any more', () => {
  const others = NAMES.filter((name) => !OLDER.includes(name));
  expect(others.filter((name) => !/^(?:Expand|Contract)Identity[A-Z]\w*\d{13}$/.test(name))).toEqual([]);
});

it.each(DATABASES)('every expanding migration of %s can run beside the release before', async (type) => {
  const log = new MigrationLog();
  await (await openDatabase({ location: await emptyLocation(type), poolSize: 2, logger: log })).destroy();
  expect([...log.statements.keys()]).toEqual(NAMES);
  for (const [name, statements] of log.statements) {
    if (!name.startsWith('Expand')) continue;
    const changes = statements.some((statement) => /^(?:CREATE|ALTER|INSERT)/.test(statement));
    expect({ name, changes }).toEqual({ name, changes: type === 'postgres' || !OF_POSTGRES.includes(name) });
    expect({ name, faults: faultsOfExpansion(statements, type === 'postgres') }).toEqual({ name, faults: [] });
  }
});

describe('statements that no expanding migration may have', () => {
  it.each([
    'ALTER TABLE "api_keys" RENAME COLUMN bcrypt_hash TO hash',
    'ALTER TABLE "api_keys" RENAME TO "keys"',
    'ALTER TABLE "api_keys" DROP COLUMN name',
    'DROP TABLE "members"',
    'DROP INDEX "ix_api_keys_revoked"',
    'ALTER TABLE "api_keys" ALTER COLUMN name TYPE varchar(10)',
    'ALTER TABLE "api_keys" ALTER COLUMN name SET NOT NULL',
    'ALTER TABLE "api_keys" ADD COLUMN note text NOT NULL',
    'ALTER TABLE "api_keys" ADD "note" text NOT NULL',
    'ALTER TABLE "api_keys" ADD CONSTRAINT ck CHECK (place > 0)',
    'CREATE INDEX "ix" ON "api_keys" (name)',
    'CREATE UNIQUE INDEX CONCURRENTLY "ix" ON "api_keys" (name)',
    'UPDATE "api_keys" SET note = name',
  ])('%s', (statement) => {
    expect(faultsOfExpansion([statement], true)).not.toEqual([]);
  });

  it.each([
    ['ALTER TABLE "api_keys" ADD COLUMN note text'],
    ['ALTER TABLE "api_keys" ADD COLUMN note text NOT NULL DEFAULT \'\''],
    ['ALTER TABLE "api_keys" ADD CONSTRAINT ck CHECK (place > 0) NOT VALID'],
    ['CREATE INDEX CONCURRENTLY "ix" ON "api_keys" (name)'],
    ['CREATE TABLE "notes" (id uuid NOT NULL)', 'CREATE UNIQUE INDEX "ix" ON "notes" (id)'],
  ])('but these it may: %s', (...statements) => {
    expect(faultsOfExpansion(statements, true)).toEqual([]);
  });
});
