import type { IdentityModuleOptions, KeyLocation } from './identity.options.js';

interface NumberRule {
  readonly takes: string;
  readonly allows: (value: number) => boolean;
}

const COUNT: NumberRule = {
  takes: 'a whole number from 1',
  allows: (value) => Number.isSafeInteger(value) && value >= 1,
};

/** At most as long as the job that revokes unused keys allows for uses that are not written yet (`UNWRITTEN_MS`). */
const SECONDS: NumberRule = {
  takes: 'a number of seconds above 0, at most 3600',
  allows: (value) => value > 0 && value <= 3600,
};

/** `Identity` checks `maxKeysPerOrganization` itself. */
const NUMBERS: Readonly<
  Record<keyof Pick<IdentityModuleOptions, 'failuresPerMinute' | 'requestsPerMinute' | 'flushSeconds'>, NumberRule>
> = {
  failuresPerMinute: COUNT,
  requestsPerMinute: COUNT,
  flushSeconds: SECONDS,
};

/** Headers that have another meaning, of which Node drops the second line or reads the value. `acceptBearer` is for the first. */
const TAKEN_HEADERS = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie'];

/**
 * Throws for an option that a module does not have, and for a number option that is not a number: each would silently
 * mean "no limit". Throws for a malformed address, too. Types do not catch these mistakes in what a factory returns, in
 * JavaScript, and in `Number(process.env.LIMIT)`.
 */
export function assertOptions(module: string, given: object, names: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`${module} has no option ${unknown}. It has ${names.join(', ')}.`);
  const { publicUrl, rateLimitStore } = given as Readonly<Record<string, unknown>>;
  if (
    publicUrl !== undefined &&
    !(typeof publicUrl === 'string' && /^https?:/.test(publicUrl) && URL.canParse(publicUrl))
  )
    throw new Error(`${module}: publicUrl takes an http or https URL.`);
  // Another copy of the core's class is as good; a URL, or the promise of a store, is none.
  if (rateLimitStore !== undefined && !isStore(rateLimitStore))
    throw new Error(`${module}: rateLimitStore takes a store, such as await RedisRateLimitStore.open(url).`);
  assertKeyLocation(module, given);
  for (const [name, { takes, allows }] of Object.entries(NUMBERS)) {
    const value = (given as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || (typeof value === 'number' && allows(value))) continue;
    throw new Error(`${module}: ${name} takes ${takes}.`);
  }
}

function isStore(given: unknown): boolean {
  return typeof given === 'object' && given !== null && 'take' in given;
}

function assertKeyLocation(module: string, given: { readonly [Name in keyof KeyLocation]?: unknown }): void {
  const { acceptBearer, keyHeader, readKey } = given;
  // The text "false" of a variable would accept them.
  if (acceptBearer !== undefined && typeof acceptBearer !== 'boolean')
    throw new Error(`${module}: acceptBearer takes true or false.`);
  if (keyHeader !== undefined && !(typeof keyHeader === 'string' && isFreeHeader(keyHeader)))
    throw new Error(
      `${module}: keyHeader takes the name of a header, but none of ${TAKEN_HEADERS.join(', ')}. For ` +
        'Authorization: Bearer there is acceptBearer.',
    );
  if (readKey === undefined) return;
  if (typeof readKey !== 'function') throw new Error(`${module}: readKey takes a function.`);
  if (acceptBearer !== undefined || keyHeader !== undefined)
    throw new Error(`${module}: readKey reads the key itself: leave out acceptBearer and keyHeader.`);
}

/** RFC 9110, section 5.6.2. */
function isFreeHeader(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !TAKEN_HEADERS.includes(name.toLowerCase());
}
