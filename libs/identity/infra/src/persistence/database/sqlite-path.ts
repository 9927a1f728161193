import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Thrown for a SQLite file that cannot be used. The message names the file and says what to do. */
export class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError';
}

/**
 * Checks that the files of a SQLite database that exist, and their folder, can be written. SQLite itself opens a file that
 * it cannot write, and fails at the first write; in WAL mode it creates files even to read.
 *
 * @throws UnusableFileError
 */
export function assertUsablePath(path: string): void {
  const database = resolve(path);
  if (statSync(database, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new UnusableFileError(`${database} is a folder: name a file in it.`);
  }
  for (const file of [database, `${database}-wal`, `${database}-shm`]) {
    const refusal = refusalOf(file);
    if (refusal === undefined) continue;
    throw new UnusableFileError(
      `The database file ${file} cannot be read and written by this user (${refusal}). ${adviceOn(refusal)}`,
    );
  }
  const refusal = refusalOf(dirname(database));
  if (refusal === undefined) return;
  throw new UnusableFileError(
    `The folder ${dirname(database)} of the database cannot be written by this user (${refusal}), and SQLite keeps more ` +
      `files in it. ${adviceOn(refusal)}`,
  );
}

function adviceOn(refusal: string): string {
  return refusal === 'EROFS' ? 'Its file system is mounted read-only.' : 'Change its owner or its mode.';
}

/** The code of the system's refusal; undefined where the file may be written, or is not there. */
function refusalOf(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : code;
  }
}
