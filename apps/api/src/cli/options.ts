import {
  isLabel,
  type JsonObject,
  type JsonValue,
  MAX_POLICY_DAYS,
  type Quota,
  type RateLimit,
} from '@feather-identity/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { calledAs } from '../environment/called-as.js';
import { parseInstant } from './import/instant.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PEPPER_VERSION = /^[1-9]\d{0,8}$/;
const DURATION = /^([1-9]\d{0,8})([smhdw])$/;
const DAYS = /^[1-9]\d{0,4}$/;
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** As in policies: 100 years. */
const MAX_DURATION_MS = MAX_POLICY_DAYS * 86_400_000;

/** An instant, or the time until or since one, in milliseconds. */
export type Moment = Date | number;

/** Whether this is a UUID, in upper or lower case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Parses an id for commander. */
export function uuid(given: string): string {
  if (!isUuid(given)) throw new InvalidArgumentError('It must be a UUID.');
  return given.toLowerCase();
}

/** `--organization`, which may be omitted if there is only one. */
export function organizationOption(): Option {
  return new Option(
    '--organization <organization>',
    'its id, the beginning of its id, or its name; may be omitted if there is only one',
  );
}

/** `--version NUMBER` of a pepper. Default: 1. */
export function pepperVersionOption(): Option {
  return new Option('--version <number>', 'a version that no pepper in use has').default(1).argParser(pepperVersion);
}

function pepperVersion(given: string): number {
  if (!PEPPER_VERSION.test(given)) throw new InvalidArgumentError('It must be a whole number from 1 to 999999999.');
  return Number(given);
}

/** Parses a duration such as `90d` into milliseconds. */
export function duration(given: string): number {
  const [, count, unit = ''] = DURATION.exec(given) ?? [];
  const milliseconds = Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  if (!(milliseconds <= MAX_DURATION_MS)) {
    throw new InvalidArgumentError('It must be a duration such as 30m, 24h, 7d or 2w, of at most 36500 days.');
  }
  return milliseconds;
}

/** Parses a duration, or an instant with its offset from UTC. */
export function moment(given: string): Moment {
  if (DURATION.test(given)) return duration(given);
  const instant = parseInstant(given);
  if (instant === null) {
    throw new InvalidArgumentError('It must be a duration such as 90d, or an instant such as 2030-01-31T12:00:00Z.');
  }
  return instant;
}

/** `--expires-at WHEN`. Default: never. */
export function expiresAtOption(): Option {
  return new Option('--expires-at <when>', 'when it ends: 90d, or 2030-01-31T12:00:00Z (default: never)').argParser(
    moment,
  );
}

/** The instant that `moment` has parsed, where a duration counts from now. */
export function untilMoment(end: Moment, now: Date): Date {
  return typeof end === 'number' ? new Date(now.getTime() + end) : end;
}

/** Parses a list of scopes. The option may be repeated. Each scope is checked where the key is created. */
export function scopes(given: string, previous: readonly string[] = []): string[] {
  const named = given.split(',').map((scope) => scope.trim());
  if (named.includes('')) {
    throw new InvalidArgumentError('It must name scopes, separated by commas. A key without scopes is --unrestricted.');
  }
  return [...previous, ...named];
}

/** Parses labels. The option may be repeated. Each label is checked where the key is created or changed. */
export function labels(given: string, previous: readonly string[] = []): string[] {
  return [...previous, ...given.split(',').map((label) => label.trim())];
}

/** Parses one label. */
export function label(given: string): string {
  if (!isLabel(given)) throw new InvalidArgumentError('No key can have such a label.');
  return given;
}

/** Parses a JSON object, or `null`, which commander would not keep as null, for none. */
export function metadata(given: string): JsonObject | 'null' {
  try {
    const parsed = JSON.parse(given) as JsonValue;
    if (parsed === null) return 'null';
    if (typeof parsed === 'object' && !Array.isArray(parsed)) return parsed as JsonObject;
  } catch {
    // Not JSON at all.
  }
  throw new InvalidArgumentError('It must be a JSON object, such as {"customer": "c_1042"}, or null.');
}

/** Parses a number of days, or `none`, which commander would not keep as null. */
export function optionalDays(given: string): number | 'none' {
  if (given === 'none') return given;
  if (!DAYS.test(given) || Number(given) > MAX_POLICY_DAYS) {
    throw new InvalidArgumentError(`It must be a whole number of days from 1 to ${MAX_POLICY_DAYS}, or none.`);
  }
  return Number(given);
}

const RATE_LIMIT = /^([1-9]\d{0,5})\/([1-9]\d{0,3})$/;
const QUOTA = /^([1-9]\d{0,9})\/(day|month)$/;

/** `--rate-limit`. Its bounds are checked where the key is made. */
export function rateLimitOption(): Option {
  return new Option(
    '--rate-limit <limit>',
    'requests in any window of seconds: 100/60 for 100 in a minute, or none',
  ).argParser((given: string): RateLimit | 'none' => {
    if (given === 'none') return given;
    const [, requests, seconds] = RATE_LIMIT.exec(given) ?? [];
    if (requests === undefined) throw new InvalidArgumentError('It must be requests/seconds such as 100/60, or none.');
    return { requests: Number(requests), seconds: Number(seconds) };
  });
}

/** `--quota`. */
export function quotaOption(): Option {
  return new Option('--quota <quota>', 'requests in a day or month of UTC: 100000/month, or none').argParser(
    (given: string): Quota | 'none' => {
      if (given === 'none') return given;
      const [, requests, period] = QUOTA.exec(given) ?? [];
      if (requests === undefined)
        throw new InvalidArgumentError('It must be such as 5000/day or 100000/month, or none.');
      return { requests: Number(requests), period: period as Quota['period'] };
    },
  );
}

/** `--networks`, which may be repeated. */
export function networksOption(): Option {
  return new Option(
    '--networks <networks>',
    'where it is accepted from: addresses and networks such as 203.0.113.0/24, separated by commas, or none for anywhere',
  ).argParser((given: string, previous?: string[] | 'none'): string[] | 'none' => {
    if (given === 'none') return given;
    const named = given.split(',').map((network) => network.trim());
    return Array.isArray(previous) ? [...previous, ...named] : named;
  });
}

/** What such an option means: commander would not keep null. */
export function orNull<Value>(given: Value | 'none' | undefined): Value | null | undefined {
  return given === 'none' ? null : given;
}

/** Parses `true` or `false`. */
export function bool(given: string): boolean {
  if (given !== 'true' && given !== 'false') throw new InvalidArgumentError('It must be true or false.');
  return given === 'true';
}

/** Adds `--json` to a command. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}

/** Adds examples to the help of a command, spelled as the command line was called. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  const lines = () => examples.map((example) => `  ${calledAs()} ${example}`);
  return command.addHelpText('after', () => `\nExamples:\n${lines().join('\n')}`);
}
