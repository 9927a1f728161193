import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BackupError, backUpSqlite, inspectDatabase, type StoredData } from '@feather-identity/infra';
import { Presets, SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { codeOf } from '../environment/error-code.js';
import { type Environment, readEnvironment } from '../environment/environment.js';
import { withExamples, withJson } from './options.js';
import { postgresLine } from './postgres-line.js';
import { print } from './print.js';

/** `backup FILE`. */
export function backupCommand(): Command {
  return withExamples(withJson(new Command('backup')), 'backup /backups/identity-2026-11-30.db')
    .description('copy the SQLite database into a new file while the service runs; for PostgreSQL, print the command')
    .argument('<file>', 'a file that does not exist yet')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const { database, ...env } = readEnvironment();
      if (database.type === 'postgres') {
        await print(false, postgresLine('pg_dump', database.url, file));
        throw new BackupError('No backup was made. PostgreSQL has a program for it: run the line above.');
      }
      await copy(database.path, file, 'backup');
      const data = await inspectDatabase({ type: 'sqlite', path: file }, new Date());
      await print(json, { file: resolve(file), bytes: statSync(file).size, ...contents(data) });
      process.stderr.write(`${peppersNote(env)}\n`);
    });
}

/** Copies a SQLite database, with a bar on standard error if that is a terminal. */
export async function copy(source: string, target: string, title: string): Promise<void> {
  const bar = new SingleBar({ format: `${title} {bar} {percentage}%`, stream: process.stderr }, Presets.shades_classic);
  bar.start(100, 0);
  try {
    await backUpSqlite(source, target, { onProgress: (fraction) => bar.update(Math.floor(fraction * 100)) });
    bar.update(100);
  } catch (error) {
    if (error instanceof BackupError) throw error;
    const code = codeOf(error);
    if (code === 'ENOENT') throw new BackupError(`The folder ${dirname(resolve(target))} does not exist.`);
    // The message of SQLite or of the system names no file.
    throw new BackupError(reasonNotCopied(resolve(source), resolve(target), code), { cause: error });
  } finally {
    bar.stop();
  }
}

/** SQLite opens the source; the files of the target are made before, by the system. */
function reasonNotCopied(source: string, target: string, code: string): string {
  if (/^(?:ENOSPC|EDQUOT|SQLITE_FULL)$/.test(code)) {
    return `The disk of ${target} is full (${code}): make room there, or name a file on another disk.`;
  }
  if (/^(?:EACCES|EPERM|EROFS)$/.test(code)) {
    return `This user may not write into the folder ${dirname(target)} (${code}): change its owner or its mode, or name another.`;
  }
  if (code.startsWith('SQLITE_CANTOPEN')) {
    return `${source} cannot be opened by this user (${code}): change its owner or its mode.`;
  }
  return `${target} could not be written from ${source} (${code}).`;
}

/** The fields that tell what a database holds. */
export function contents({ organizations, apiKeys, lastEventAt }: StoredData) {
  return { organizations, unrevoked_keys: apiKeys, last_event_at: lastEventAt?.toISOString() ?? null };
}

function peppersNote({ peppers, peppersFile }: Pick<Environment, 'peppers' | 'peppersFile'>): string {
  const where = peppers === null ? `the file ${resolve(peppersFile)}` : 'the value of SECRET_PEPPERS';
  return `The peppers are not in it. Keep ${where} too, in another place: without the peppers keys may be lost.`;
}
