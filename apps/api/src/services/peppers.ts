import { PepperFormatError, PepperRing, readOrCreatePepperFile, readPepperFile } from '@feather-identity/infra';
import { EnvironmentError } from '../environment/environment-error.js';
import { codeOf } from '../environment/error-code.js';
import type { Environment } from '../environment/environment.js';

/**
 * The peppers of this installation. Outside production a missing file is created. In production it stops the start: an
 * instance with a pepper of its own would make proofs that the other instances cannot check.
 */
export async function loadPeppers(env: Environment): Promise<PepperRing> {
  const peppers = await peppersFrom(env, env.production ? readPepperFile : readOrCreatePepperFile);
  if (peppers !== null) return peppers;
  throw new EnvironmentError([
    'SECRET_PEPPERS_FILE names a file that does not exist. Create it, outside the database backup: ' +
      '(umask 077; npm run -s feather -- pepper generate > FILE)',
  ]);
}

/** The peppers of this installation; null if their file is missing. Never creates it. */
export function findPeppers(env: Environment): Promise<PepperRing | null> {
  return peppersFrom(env, readPepperFile);
}

async function peppersFrom(
  env: Environment,
  read: (path: string) => Promise<string | null>,
): Promise<PepperRing | null> {
  if (env.peppers !== null) return env.peppers;
  const content = await contentOf(env.peppersFile, read);
  try {
    return content === null ? null : PepperRing.parse(content);
  } catch (error) {
    throw error instanceof PepperFormatError
      ? new EnvironmentError([`SECRET_PEPPERS_FILE: the file ${error.message}`])
      : error;
  }
}

async function contentOf(path: string, read: (path: string) => Promise<string | null>): Promise<string | null> {
  try {
    return await read(path);
  } catch (error) {
    throw new EnvironmentError([`SECRET_PEPPERS_FILE names a file that cannot be read (${codeOf(error)})`]);
  }
}
