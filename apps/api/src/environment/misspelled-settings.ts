import leven from 'leven';

/** Shorter names are close to many unrelated names. */
const LEAST_LENGTH = 8;
const MOST_EDITS = 2;

/** The given names that are nearly a setting, each with that setting. Other programs have variables here, too. */
export function misspelledSettings(given: readonly string[], settings: readonly string[]): ReadonlyMap<string, string> {
  const long = settings.filter((name) => name.length >= LEAST_LENGTH);
  const others = given.filter((name) => !settings.includes(name));
  const pairs = others.flatMap((name) => {
    const meant = long.find((setting) => leven(name, setting, { maxDistance: MOST_EDITS + 1 }) <= MOST_EDITS);
    return meant === undefined ? [] : [[name, meant] as const];
  });
  return new Map(pairs);
}
