import leven from 'leven';

/** Short names are near to many that mean something else. */
const LEAST_LENGTH = 8;
const MOST_EDITS = 2;

/** Which of the given names are nearly one of the settings, each with that one. The environment has many other names. */
export function misspelledSettings(given: readonly string[], settings: readonly string[]): ReadonlyMap<string, string> {
  const long = settings.filter((name) => name.length >= LEAST_LENGTH);
  const strangers = given.filter((name) => !settings.includes(name));
  const pairs = strangers.flatMap((name) => {
    const meant = long.find((setting) => leven(name, setting, { maxDistance: MOST_EDITS + 1 }) <= MOST_EDITS);
    return meant === undefined ? [] : [[name, meant] as const];
  });
  return new Map(pairs);
}
