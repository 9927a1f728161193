/** The fields of a row: columns of CSV or members of a JSON object. */
export const ROW_FIELDS = [
  'organization_id',
  'name',
  'hash',
  'scheme',
  'encoding',
  'pepper',
  'prefix',
  'scopes',
  'created_at',
  'expires_at',
] as const;

/** One of `ROW_FIELDS`. */
export type RowField = (typeof ROW_FIELDS)[number];

/** The values of a row. */
export type RowFields = Readonly<Partial<Record<RowField, unknown>>>;

/** A row with its number from 1, without counting a header: its values, or why it cannot be read. */
export type SourceRow =
  | { readonly number: number; readonly fields: RowFields }
  | { readonly number: number; readonly reason: string };

/** The position, from 1, of the first unknown name; 0 if all are known. */
export function placeOfUnknownField(names: readonly string[]): number {
  const known = new Set<string>(ROW_FIELDS);
  return names.findIndex((name) => !known.has(name)) + 1;
}
