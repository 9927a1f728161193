import type { ImportedApiKey } from '@feather-identity/core';
import type { Environment } from '../../environment/environment.js';
import { UsageError } from '../usage-error.js';
import type { RowDefaults } from './imported-key-of-row.js';
import type { RequiredSetting } from './required-settings.js';

const RULE =
  'It takes sha256, hmac-sha256, nestarc or, for bcrypt, argon2 and scrypt, prefix:N with the length of their "prefix".';

/** What the service accepts with the settings of this environment. */
export class AcceptedKeys {
  constructor(private readonly env: Pick<Environment, 'importedKeys' | 'foreignPeppers'>) {}

  /** Throws `UsageError` where none of the keys would be accepted, as far as the command line tells. */
  demand({ scheme, pepper }: RowDefaults): void {
    const { importedKeys } = this.env;
    if (importedKeys === null)
      throw new UsageError(`IMPORTED_KEYS is not set: the service accepts no such keys. ${RULE}`);
    if (scheme === 'sha256' && !importedKeys.finds({ hash: 'sha256:', lookup: 'sha256:' })) {
      throw new UsageError('IMPORTED_KEYS does not name sha256: the service accepts no such keys.');
    }
    if ((scheme === 'hmac-sha256' || scheme === 'nestarc') && this.env.foreignPeppers.names.length === 0) {
      throw new UsageError('IMPORTED_KEY_PEPPERS is not set: the service accepts no such keys.');
    }
    if (pepper !== undefined && !this.isAtHand(pepper)) {
      throw new UsageError('IMPORTED_KEY_PEPPERS does not name that pepper: the service accepts no such keys.');
    }
  }

  /** Why the service would not accept this key; null where it would. */
  refusal(key: ImportedApiKey, { entry, pepper }: RequiredSetting): string | null {
    if (pepper !== null && !this.isAtHand(pepper)) return 'IMPORTED_KEY_PEPPERS does not name its pepper.';
    return this.env.importedKeys?.finds(key) === true ? null : `IMPORTED_KEYS does not name ${entry}.`;
  }

  private isAtHand(pepper: string): boolean {
    return this.env.foreignPeppers.names.includes(pepper);
  }
}
