import type { AuthenticationLimits, IdentityModuleOptions } from './identity.options.js';

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
  Record<keyof AuthenticationLimits | keyof Pick<IdentityModuleOptions, 'flushSeconds'>, NumberRule>
> = {
  failuresPerMinute: COUNT,
  requestsPerMinute: COUNT,
  flushSeconds: SECONDS,
};

/**
 * Throws for an option that a module does not have, and for a number option that is not a number: each would silently
 * mean "no limit". Throws for an address that is none, too. Types do not catch these mistakes in what a factory returns, in JavaScript, and in
 * `Number(process.env.LIMIT)`.
 */
export function assertOptions(module: string, given: object, names: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`${module} has no option ${unknown}. It has ${names.join(', ')}.`);
  const { publicUrl } = given as Readonly<Record<string, unknown>>;
  if (
    publicUrl !== undefined &&
    !(typeof publicUrl === 'string' && /^https?:/.test(publicUrl) && URL.canParse(publicUrl))
  )
    throw new Error(`${module}: publicUrl takes an http or https URL.`);
  for (const [name, { takes, allows }] of Object.entries(NUMBERS)) {
    const value = (given as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || (typeof value === 'number' && allows(value))) continue;
    throw new Error(`${module}: ${name} takes ${takes}.`);
  }
}
