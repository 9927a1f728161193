import { isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import { OPERATOR_ENVIRONMENT, TokenFormat } from '@feather-identity/core';
import {
  type DatabaseLocation,
  ImportedPeppers,
  parseDatabaseUrl,
  parseRedisUrl,
  PepperFormatError,
  PepperRing,
  type RedisLocation,
} from '@feather-identity/infra';
import { makeExactValidator } from 'envalid';

/** The messages of these rules follow the name of a variable, and never repeat its value, which may be a secret. */
const rule = makeExactValidator;

/** A whole number from `min` to `max`. */
export const integer = (min: number, max: number) =>
  rule((text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) throw new Error(`must be a whole number from ${min} to ${max}`);
    return value;
  });

/** One of these words. */
export const oneOf = <T extends string>(...words: readonly T[]) =>
  rule((text) => {
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw new Error(`must be one of ${words.join(', ')}`);
    return word;
  });

/** `true` or `false`. */
export const flag = rule((text) => {
  if (text !== 'true' && text !== 'false') throw new Error('must be true or false');
  return text === 'true';
});

/** As `tokenWord`, for the environment of keys of organizations. */
export const keyEnvironment = rule((given) => {
  if (given === OPERATOR_ENVIRONMENT) throw new Error('must not be operator, which stands in operator keys');
  return word(given);
});

/** Text of 1 to 255 characters. */
export const text = rule((given) => {
  if ([...given].length > 255) throw new Error('must have at most 255 characters');
  return given;
});

/** A word that may stand in a token as its namespace or environment. */
export const tokenWord = rule(word);

function word(given: string): string {
  try {
    new TokenFormat(given, given);
  } catch {
    throw new Error('must be 2 to 16 lower-case letters and digits, starting with a letter');
  }
  return given;
}

/** A database address. */
export const databaseUrl = rule((given): DatabaseLocation => {
  const location = parseDatabaseUrl(given);
  if (location === null)
    throw new Error(
      'must be sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE, with @ : / ? # % in a password percent-encoded',
    );
  return location;
});

/** The address of a Redis or Valkey server. */
export const redisUrl = rule((given): RedisLocation => {
  const location = parseRedisUrl(given);
  if (location === null)
    throw new Error(
      'must be redis://USER:PASSWORD@HOST:PORT/DATABASE, or rediss:// with TLS, without parameters, with @ : / ? # % in a ' +
        'password percent-encoded',
    );
  return location;
});

/** IP addresses and networks in CIDR notation (RFC 4632), separated by commas. */
export const networks = rule((given) => {
  const list = given.split(',').map((entry) => entry.trim());
  if (!list.every(isNetwork) || !isCompiled(list))
    throw new Error('must be IP addresses and networks like 10.0.0.0/8, separated by commas');
  return list;
});

/** Some that look like networks are none, such as 10.0.0.0/0. */
function isCompiled(list: string[]): boolean {
  try {
    proxyAddr.compile(list);
    return true;
  } catch {
    return false;
  }
}

function isNetwork(text: string): boolean {
  const [address = '', bits = '0', ...more] = text.split('/');
  const version = isIP(address);
  return version !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

/** `*`, or web origins (RFC 6454) as browsers send them, separated by commas. */
export const origins = rule((given) => {
  const list = given === '*' ? [given] : given.split(',').map((entry) => entry.trim());
  if (given !== '*' && !list.every(isWebOrigin)) {
    throw new Error(
      'must be * or origins like https://app.example.com, separated by commas, without path and final slash',
    );
  }
  return list;
});

function isWebOrigin(text: string): boolean {
  return /^https?:[^*]*$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** An address to which paths are appended. */
export const publicUrl = rule((given) => {
  const url = URL.canParse(given) ? new URL(given) : null;
  const isPlain = url !== null && url.username + url.password + url.search + url.hash === '';
  if (!isPlain || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error('must be an http or https URL like https://api.example.com/keys, without user, query and fragment');
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
});

/** A list of peppers, current one first. */
export const peppers = rule((given) => orRule(() => PepperRing.parse(given.trim())));

/** The peppers of other systems. */
export const importedPeppers = rule((given) => orRule(() => ImportedPeppers.parse(given.trim())));

function orRule<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof PepperFormatError ? new Error(error.message) : error;
  }
}
