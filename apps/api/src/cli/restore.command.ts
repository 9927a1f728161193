import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BackupError, type DatabaseLocation, inspectDatabase, type StoredData } from '@feather-identity/infra';
import { Command } from 'commander';
import { type Environment, readEnvironment } from '../environment/environment.js';
import { findPeppers } from '../services/peppers.js';
import { contents, copy } from './backup.command.js';
import { withExamples, withJson } from './options.js';
import { postgresLine } from './postgres-line.js';
import { print } from './print.js';
import { UsageError } from './usage-error.js';

interface RestoreOptions {
  readonly check?: boolean;
  readonly json?: boolean;
}

/** `restore FILE`, `restore --check [FILE]`. */
export function restoreCommand(): Command {
  const command = withJson(new Command('restore'));
  return withExamples(command, 'restore /backups/identity-2026-11-30.db', 'restore --check')
    .description(
      'replace the SQLite database, which must not be in use, with a backup; with --check, only check the backup',
    )
    .argument('[file]', 'the backup; with --check alone, the database of the settings')
    .option('--check', 'change nothing, and tell what the backup or the database holds and lacks')
    .action(async (file: string | undefined, { check, json }: RestoreOptions) => {
      const env = readEnvironment();
      if (check === true) {
        const location = file === undefined ? env.database : backupAt(file);
        const data = await inspectDatabase(location, new Date());
        if (file !== undefined) remark(data);
        await report(env, location, data, json);
        return;
      }
      if (file === undefined) throw new UsageError('Name the backup, or use --check to look at the database.');
      await restore(env, file, json);
    });
}

async function restore(env: Environment, file: string, json: boolean | undefined): Promise<void> {
  const { database } = env;
  if (database.type === 'postgres') {
    await print(false, postgresLine('pg_restore', database.url, file));
    throw new BackupError(
      'Nothing was restored. PostgreSQL has a program for it: run the line above on an empty database, then ' +
        '`feather restore --check`.',
    );
  }
  const backup = await inspectDatabase(backupAt(file), new Date());
  assertNotNewer(backup);
  mkdirSync(dirname(resolve(database.path)), { recursive: true, mode: 0o700 });
  await copy(file, database.path, 'restore');
  remark(backup);
  await report(env, database, await inspectDatabase(database, new Date()), json);
}

function backupAt(path: string): DatabaseLocation {
  return { type: 'sqlite', path };
}

function assertNotNewer({ schema }: StoredData): void {
  if (schema === 'newer') throw new BackupError('The backup is of a newer version: restore it with that version.');
}

/** Prints what a database holds, and on standard error what is to be done. Throws where keys cannot be used. */
async function report(
  env: Environment,
  location: DatabaseLocation,
  data: StoredData,
  json: boolean | undefined,
): Promise<void> {
  const known = (await findPeppers(env))?.ids ?? [];
  const isKnown = (id: string | null) => id !== null && known.includes(id);
  const needed = (data.peppers ?? []).filter(({ pepperId }) => pepperId !== null);
  const missing = data.peppers === null ? null : needed.filter(({ pepperId }) => !isKnown(pepperId));
  const lost = (missing ?? []).reduce((sum, { withoutHash }) => sum + withoutHash, 0);
  await print(json, {
    ...(location.type === 'sqlite' ? { file: resolve(location.path) } : {}),
    schema: data.schema,
    ...contents(data),
    peppers_missing: missing?.map(({ pepperId }) => pepperId ?? '') ?? null,
    secrets_lost: missing === null ? null : lost,
  });
  if (data.schema === 'older') tell('It is of an older version: the next start, or `feather migrate`, migrates it.');
  assertNotNewer(data);
  if (missing === null) tell('Which peppers it needs shows after the migration: check it again then.');
  // A pepper that was removed after a rotation is missing, too, but never all of them.
  const isForeign = missing !== null && missing.length > 0 && needed.every(({ pepperId }) => !isKnown(pepperId));
  if (lost > 0 || isForeign) {
    const what = isForeign
      ? 'The settings have none of the peppers of this database'
      : `Secrets that are lost: ${lost}`;
    throw new BackupError(
      `${what}. Put the missing peppers back into SECRET_PEPPERS or SECRET_PEPPERS_FILE: ` +
        (missing ?? []).map(({ pepperId }) => pepperId).join(', '),
    );
  }
}

/** What is known of a backup by its age and by the way it was made. */
function remark({ lastEventAt, mayLackLatest }: StoredData): void {
  if (mayLackLatest) {
    tell(
      'The backup was copied without its -wal file. If the service was running then, keys and revocations are missing: ' +
        'make backups by `feather backup`.',
    );
  }
  if (lastEventAt === null) return;
  tell(
    `The last event in the backup is of ${lastEventAt.toISOString()}. Keys that were made later are not in it. Keys ` +
      'that were revoked or disabled later work in it: revoke them again.',
  );
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
