import { resolve } from 'node:path';
import { PepperFormatError, PepperRing, readOrCreatePepperFile, readPepperFile } from '@feather-identity/infra';
import { calledAs } from '../environment/called-as.js';
import { EnvironmentError } from '../environment/environment-error.js';
import { codeOf } from '../environment/error-code.js';
import type { Environment } from '../environment/environment.js';

/**
 * The peppers that a start finds; null if their file is missing and may be created. In production a missing file stops the
 * start: an instance with a pepper of its own would make proofs that the other instances cannot check.
 */
export async function peppersOfStart(env: Environment): Promise<PepperRing | null> {
  const peppers = await findPeppers(env);
  if (peppers !== null || !env.production) return peppers;
  throw new EnvironmentError([
    `${pepperSource(env)} does not exist. If the database has keys, put the file back. Otherwise create it, outside the ` +
      `database backup: (umask 077; ${calledAs()} pepper generate > FILE)`,
  ]);
}

/** The peppers of the settings. Creates a missing file. */
export async function loadPeppers({ peppers, peppersFile }: Environment): Promise<PepperRing> {
  return peppers ?? parse(await contentOf(peppersFile, readOrCreatePepperFile));
}

/** The peppers of the settings; null if their file is missing. */
export async function findPeppers({ peppers, peppersFile }: Environment): Promise<PepperRing | null> {
  if (peppers !== null) return peppers;
  const content = await contentOf(peppersFile, readPepperFile);
  return content === null ? null : parse(content);
}

/** The setting that the peppers come from, with its file. */
export function pepperSource({ peppers, peppersFile }: Environment): string {
  return peppers === null ? `SECRET_PEPPERS_FILE (${resolve(peppersFile)})` : 'SECRET_PEPPERS';
}

function parse(content: string): PepperRing {
  try {
    return PepperRing.parse(content);
  } catch (error) {
    throw error instanceof PepperFormatError
      ? new EnvironmentError([`SECRET_PEPPERS_FILE: the file ${error.message}`])
      : error;
  }
}

async function contentOf<T>(path: string, read: (path: string) => Promise<T>): Promise<T> {
  try {
    return await read(path);
  } catch (error) {
    throw new EnvironmentError([`SECRET_PEPPERS_FILE names a file that cannot be read (${codeOf(error)})`]);
  }
}
