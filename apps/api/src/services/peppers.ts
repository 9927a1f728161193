import { PepperFormatError, PepperRing, readOrCreatePepperFile, readPepperFile } from '@feather-identity/infra';
import { EnvironmentError } from '../environment/environment-error.js';
import { codeOf } from '../environment/error-code.js';
import type { Environment } from '../environment/environment.js';

/**
 * The peppers of this installation. Outside production a missing file is made; in production it stops the start, since
 * an instance that invents its own pepper would make proofs that the others cannot check.
 */
export async function loadPeppers(env: Environment): Promise<PepperRing> {
  if (env.peppers !== null) return env.peppers;
  const content = await readFile(env);
  if (content === null) {
    throw new EnvironmentError([
      'SECRET_PEPPERS_FILE names no file. Make one, outside the database backup: ' +
        '(umask 077; npm run -s feather -- pepper generate > FILE)',
    ]);
  }
  try {
    return PepperRing.parse(content);
  } catch (error) {
    throw error instanceof PepperFormatError
      ? new EnvironmentError([`SECRET_PEPPERS_FILE: the file ${error.message}`])
      : error;
  }
}

async function readFile(env: Environment): Promise<string | null> {
  try {
    return await (env.production ? readPepperFile : readOrCreatePepperFile)(env.peppersFile);
  } catch (error) {
    throw new EnvironmentError([`SECRET_PEPPERS_FILE names a file that cannot be read (${codeOf(error)})`]);
  }
}
