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

function lackingItems(theirs: readonly unknown[], ours: unknown, path: string): string[] {
  if (!Array.isArray(ours)) return [path];
  const mayGrow = GROWING.some((keyword) => path.endsWith(`/${keyword}`));
  if (mayGrow) return theirs.filter((item) => !ours.includes(item)).map((item) => `${path}: ${String(item)}`);
  if (theirs.length !== ours.length) return [`${path}: ${theirs.length} items`];
  return theirs.flatMap((item, index) => lacking(item, ours[index], `${path}/${index}`));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
