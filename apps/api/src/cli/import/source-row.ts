/** What a row may say, by column of CSV or member of a JSON object. */
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

/** What a row says. */
export type RowFields = Readonly<Partial<Record<RowField, unknown>>>;

/** A row of the file by its number from 1 (a header is none): what it says, or why nothing can be made of it. */
export type SourceRow =
  | { readonly number: number; readonly fields: RowFields }
  | { readonly number: number; readonly reason: string };

/** Where among these names, from 1, is the first that no row can say; 0 for nowhere. */
export function placeOfUnknownField(names: readonly string[]): number {
  const known = new Set<string>(ROW_FIELDS);
  return names.findIndex((name) => !known.has(name)) + 1;
}
