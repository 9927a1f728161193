import type { ImportedApiKey } from '@feather-identity/core';
import type { Environment } from '../../environment/environment.js';
import { UsageError } from '../usage-error.js';
import type { RequiredSetting } from './required-settings.js';

const RULE =
  'It takes sha256, hmac-sha256, nestarc or, for bcrypt, argon2 and scrypt, prefix:N with the length of their "prefix".';

/** What the service accepts with the settings of this environment. */
export class AcceptedKeys {
  constructor(private readonly env: Pick<Environment, 'importedKeys' | 'foreignPeppers'>) {}

  /** Throws `UsageError` where the service accepts no keys of other systems at all. */
  demandAny(): void {
    if (this.env.importedKeys === null)
      throw new UsageError(`IMPORTED_KEYS is not set: the service accepts no such keys. ${RULE}`);
  }

  /** Why the service would not accept this key; null where it would. */
  refusal(key: ImportedApiKey, { entry, pepper }: RequiredSetting): string | null {
    const { importedKeys, foreignPeppers } = this.env;
    if (pepper !== null && !foreignPeppers.names.includes(pepper)) {
      return 'IMPORTED_KEY_PEPPERS does not name its pepper.';
    }
    return importedKeys?.finds(key) === true ? null : `IMPORTED_KEYS does not name ${entry}.`;
  }
}
