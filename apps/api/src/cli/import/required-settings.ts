import type { ImportedApiKey } from '@feather-identity/core';

/** What a service needs to be told to find a key. */
export interface RequiredSetting {
  /** The entry of IMPORTED_KEYS. */
  readonly entry: string;
  /** The name in IMPORTED_KEY_PEPPERS; null where the hash has no pepper. */
  readonly pepper: string | null;
}

/** What a service needs to be told to find this key. */
export function settingOf({ hash, lookup }: Pick<ImportedApiKey, 'hash' | 'lookup'>): RequiredSetting {
  if (hash.startsWith('$')) return { entry: `prefix:${lookup.length - 'prefix:'.length}`, pepper: null };
  const [scheme = '', ...rest] = hash.split(':');
  return { entry: scheme, pepper: rest.length > 1 ? (rest[0] ?? null) : null };
}

/** What a service needs to be told to find the keys that were met. */
export class RequiredSettings {
  readonly #entries = new Set<string>();
  readonly #peppers = new Set<string>();

  add({ entry, pepper }: RequiredSetting): void {
    this.#entries.add(entry);
    if (pepper !== null) this.#peppers.add(pepper);
  }

  /** One line a setting, as it stands in an environment; the material of peppers is the operator's to fill in. */
  lines(): string[] {
    const peppers = [...this.#peppers].sort().map((name) => `${name}:<base64url>`);
    return [
      ...(this.#entries.size === 0 ? [] : [`IMPORTED_KEYS=${[...this.#entries].sort().join(',')}`]),
      ...(peppers.length === 0 ? [] : [`IMPORTED_KEY_PEPPERS=${peppers.join(',')}`]),
    ];
  }
}
