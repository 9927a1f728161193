/** What a service needs to be told to find the keys that were met, put together from what their rows are found by. */
export class RequiredSettings {
  readonly #entries = new Set<string>();
  readonly #peppers = new Set<string>();

  /** Adds a key by its look-up text. */
  add(lookup: string): void {
    this.#entries.add(settingOf(lookup));
    const [scheme, pepper, digest] = lookup.split(':');
    if (scheme !== 'prefix' && pepper !== undefined && digest !== undefined) this.#peppers.add(pepper);
  }

  /** One line a setting, as it stands in an environment; the material of peppers is the operator's to fill in. */
  lines(): string[] {
    if (this.#entries.size === 0) return [];
    const peppers = [...this.#peppers].sort().map((name) => `${name}:<base64url>`);
    return [
      `IMPORTED_KEYS=${[...this.#entries].sort().join(',')}`,
      ...(peppers.length === 0 ? [] : [`IMPORTED_KEY_PEPPERS=${peppers.join(',')}`]),
    ];
  }
}

/** The entry of IMPORTED_KEYS by which a key with this look-up text is found. */
export function settingOf(lookup: string): string {
  const colon = lookup.indexOf(':');
  const scheme = lookup.slice(0, colon);
  return scheme === 'prefix' ? `prefix:${lookup.length - colon - 1}` : scheme;
}
