/** Keywords whose lists may be longer in ours than in theirs. */
const GROWING = ['required'];

/**
 * What `theirs` says and `ours` does not, as paths. Ours may say more; lists are equal, or longer where they may grow, and
 * descriptions begin with theirs.
 */
export function lacking(theirs: unknown, ours: unknown, path = '#'): string[] {
  if (Array.isArray(theirs)) return lackingItems(theirs, ours, path);
  if (path.endsWith('/description') && typeof ours === 'string' && ours.startsWith(String(theirs))) return [];
  if (!isObject(theirs)) return Object.is(theirs, ours) ? [] : [`${path}: ${String(theirs)}`];
  if (!isObject(ours)) return [path];
  return Object.entries(theirs).flatMap(([name, value]) => lacking(value, ours[name], `${path}/${name}`));
}

function lackingItems(theirs: readonly unknown[], given: unknown, path: string): string[] {
  if (!Array.isArray(given)) return [path];
  const ours: readonly { readonly required?: boolean }[] = given;
  const mayGrow = GROWING.some((keyword) => path.endsWith(`/${keyword}`));
  if (mayGrow) return theirs.filter((item) => !given.includes(item)).map((item) => `${path}: ${String(item)}`);
  // Parameters beyond theirs come last, and a client that does not know them leaves them out.
  const items = path.endsWith('/parameters')
    ? ours.filter((each, index) => index < theirs.length || each.required === true)
    : ours;
  if (theirs.length !== items.length) return [`${path}: ${theirs.length} items`];
  return theirs.flatMap((item, index) => lacking(item, ours[index], `${path}/${index}`));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
