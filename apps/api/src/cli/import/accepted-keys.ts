import { type ImportedApiKey, parseNestarcKey } from '@feather-identity/core';
import type { Environment } from '../../environment/environment.js';
import { UsageError } from '../usage-error.js';
import type { RequiredSetting } from './required-settings.js';

const RULE =
  'It must list sha256, hmac-sha256, nestarc or, for bcrypt, argon2 and scrypt, prefix:N with the length of their "prefix".';

/** Knows which keys the service accepts with the settings of this environment. */
export class AcceptedKeys {
  constructor(private readonly env: Pick<Environment, 'importedKeys' | 'importedPeppers'>) {}

  /** Throws `UsageError` if the service accepts no keys of other systems at all. */
  assertAny(): void {
    if (this.env.importedKeys === null)
      throw new UsageError(`IMPORTED_KEYS is not set: the service accepts no such keys. ${RULE}`);
  }

  /** Why the service would not accept this key; null if it would. */
  refusal(key: ImportedApiKey, { entry, pepper }: RequiredSetting): string | null {
    const { importedKeys, importedPeppers } = this.env;
    if (pepper !== null && !importedPeppers.names.includes(pepper)) {
      return 'IMPORTED_KEY_PEPPERS does not name its pepper.';
    }
    if (pepper !== null && this.showsAll(key, pepper)) return 'The prefix is the whole key, which would be shown.';
    return importedKeys?.finds(key) === true ? null : `IMPORTED_KEYS does not name ${entry}.`;
  }

  /** Whether the prefix is the whole key. Not checked for hashes with a salt, which are too slow. */
  private showsAll({ hash, keyPrefix }: ImportedApiKey, pepper: string): boolean {
    const { importedPeppers } = this.env;
    if (keyPrefix === null) return false;
    const secret = parseNestarcKey(keyPrefix)?.secret ?? '';
    const digest = hash.startsWith('nestarc:')
      ? importedPeppers.digest(pepper, secret)
      : importedPeppers.mac(pepper, keyPrefix);
    return digest !== undefined && hash.endsWith(`:${digest.toString('base64url')}`);
  }
}
