/** The search parameters of an address: whatever somebody typed, so each is checked before it is used. */
export type Raw = Record<string, unknown>;

/** A text, or nothing. The router reads `?q=42` as a number. */
export function text(value: unknown, maxLength = 255): string | undefined {
  const read = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof read === 'string' && read !== '' ? read.slice(0, maxLength) : undefined;
}

/** One of `allowed`, or nothing. */
export function oneOf<Value extends string>(value: unknown, allowed: readonly Value[]): Value | undefined {
  return allowed.find((each) => each === value);
}

/** A whole number in these bounds, or nothing. */
export function whole(value: unknown, min: number, max: number): number | undefined {
  const read = Number(value);
  return value !== undefined && Number.isInteger(read) && read >= min && read <= max ? read : undefined;
}

/** Without the parameters that have no value. */
export function present<Search extends Raw>(
  search: Search,
): { [Name in keyof Search]?: Exclude<Search[Name], undefined> } {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Search]?: Exclude<Search[Name], undefined>;
  };
}
