import type { Environment } from '../../environment/environment.js';
import { UsageError } from '../usage-error.js';
import type { RowDefaults } from './imported-key-of-row.js';

/**
 * Throws `UsageError` where the service, with the settings of this environment, would accept none of the keys: as far as the
 * command line tells. What depends on the rows is each row's own refusal.
 */
export function demandAccepted(env: Environment, { scheme, pepper }: RowDefaults): void {
  const { importedKeys, foreignPeppers } = env;
  if (importedKeys === null)
    throw new UsageError(`IMPORTED_KEYS is not set: the service accepts no such keys. ${RULE}`);
  if (scheme === 'sha256' && !importedKeys.finds('sha256:')) {
    throw new UsageError('IMPORTED_KEYS does not name sha256: the service accepts no such keys.');
  }
  if (scheme === 'hmac-sha256' && foreignPeppers.names.length === 0) {
    throw new UsageError('IMPORTED_KEY_PEPPERS is not set: the service accepts no such keys.');
  }
  if (pepper !== undefined && !foreignPeppers.names.includes(pepper)) {
    throw new UsageError('IMPORTED_KEY_PEPPERS does not name that pepper: the service accepts no such keys.');
  }
}

const RULE =
  'It takes sha256, hmac-sha256 or, for bcrypt, argon2 and scrypt, prefix:N with the length of their "prefix".';
