import type { ImportedApiKey } from '@feather-identity/core';

/** The settings with which a service finds a key. */
export interface RequiredSetting {
  /** The entry of IMPORTED_KEYS. */
  readonly entry: string;
  /** The name in IMPORTED_KEY_PEPPERS; null if the hash has no pepper. */
  readonly pepper: string | null;
}

/** The settings with which a service finds this key. */
export function settingOf({ hash, lookup }: Pick<ImportedApiKey, 'hash' | 'lookup'>): RequiredSetting {
  if (hash.startsWith('$')) return { entry: `prefix:${lookup.length - 'prefix:'.length}`, pepper: null };
  const [scheme = '', ...rest] = hash.split(':');
  return { entry: scheme, pepper: rest.length > 1 ? (rest[0] ?? null) : null };
}

/** Collects the settings with which a service finds all keys of a file. */
export class RequiredSettings {
  readonly #entries = new Set<string>();
  readonly #peppers = new Set<string>();

  add({ entry, pepper }: RequiredSetting): void {
    this.#entries.add(entry);
    if (pepper !== null) this.#peppers.add(pepper);
  }

  /** One line for each setting, as in an environment file. The operator fills in the peppers. */
  lines(): string[] {
    const peppers = [...this.#peppers].sort().map((name) => `${name}:<base64url>`);
    return [
      ...(this.#entries.size === 0 ? [] : [`IMPORTED_KEYS=${[...this.#entries].sort().join(',')}`]),
      ...(peppers.length === 0 ? [] : [`IMPORTED_KEY_PEPPERS=${peppers.join(',')}`]),
    ];
  }
}
