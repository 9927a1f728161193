import { describe, expect, it } from '@jest/globals';
import { generatePepper } from '@feather-identity/infra';
import { EnvironmentError } from './environment-error.js';
import { readEnvironment } from './environment.js';
import { GivenSettings } from './given-settings.js';

const PEPPER = generatePepper(7);

const RULES_QUOTE = ['f', 'operator', '0', 'hmac', 'hmac-sha256', 'sqlite:', 'postgres://'];

function linesOf(variables: Record<string, string>): readonly string[] {
  try {
    readEnvironment(new GivenSettings(variables), false);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.lines;
    throw error;
  }
  return [];
}

const NUMBER = /^must be a whole number from \d+ to \d+$/;
const WORD = /^must be 2 to 16 lower-case letters and digits, starting with a letter$/;
const DATABASE =
  /^must be sqlite:PATH or postgres:\/\/USER:PASSWORD@HOST:PORT\/DATABASE, with @ : \/ \? # % in a password percent-encoded$/;
const STORE =
  /^must be redis:\/\/USER:PASSWORD@HOST:PORT\/DATABASE, or rediss:\/\/ with TLS, without parameters, with @ : \/ \? # % in a password percent-encoded$/;
const NETWORKS = /^must be IP addresses and networks like 10\.0\.0\.0\/8, separated by commas$/;
const LOOKUPS = /^must list sha256, hmac-sha256, nestarc and prefix:N with N from 6 to 64, separated by commas$/;
const IMPORTED_PEPPER = /^must have entries like old:<base64url of the pepper's bytes>, separated by commas$/;
const ADDRESS =
  /^must be an http or https URL like https:\/\/api\.example\.com\/keys, without user, query and fragment$/;
const ORIGINS =
  /^must be \* or origins like https:\/\/app\.example\.com, separated by commas, without path and final slash$/;
const HASHER = /^must be one of bcrypt, hmac-sha256$/;
const PEPPERS = /^must have entries like 1:<base64url of at least 32 bytes>, separated by commas$/;

describe('a variable that cannot be used', () => {
  it.each([
    ['PORT', '65536', NUMBER],
    ['PORT', '-17', NUMBER],
    ['PORT', '80.5', NUMBER],
    ['PORT', '0x1f90', NUMBER],
    ['PORT', ' 8080', NUMBER],
    ['PORT', '8e3', NUMBER],
    ['PORT', 'http', NUMBER],
    ['HOST', 'h'.repeat(256), /^must have at most 255 characters$/],
    ['DATABASE_URL', 'mysql://root:hunter2@db/keys', DATABASE],
    ['DATABASE_URL', 'sqlite:', DATABASE],
    ['DATABASE_URL', 'sqlite::memory:', DATABASE],
    ['DATABASE_URL', 'postgres://', DATABASE],
    ['DATABASE_URL', 'postgres://user:hunter2@[bad/keys', DATABASE],
    ['RATE_LIMIT_STORE', 'http://:hunter2@cache', STORE],
    ['RATE_LIMIT_STORE', 'cache:6379', STORE],
    ['RATE_LIMIT_STORE', 'redis://:hunter2@cache/0?tls=true', STORE],
    ['DATABASE_POOL_SIZE', '1001', NUMBER],
    ['DATABASE_ALLOW_NON_DURABLE', 'TRUE', /^must be true or false$/],
    ['KEY_NAMESPACE', 'f', WORD],
    ['KEY_NAMESPACE', 'Acme', WORD],
    ['KEY_NAMESPACE', 'ac_me', WORD],
    ['KEY_ENVIRONMENT', '1live', WORD],
    ['KEY_ENVIRONMENT', 'live\n', WORD],
    ['KEY_ENVIRONMENT', 'operator', /^must not be operator, which stands in operator keys$/],
    ['SECRET_HASHER', 'hmac', HASHER],
    ['SECRET_HASHER', 'BCRYPT', HASHER],
    ['IMPORTED_KEYS', 'sha-256', LOOKUPS],
    ['IMPORTED_KEYS', 'prefix:5', LOOKUPS],
    ['IMPORTED_KEYS', 'sha256,sha256', /^names a lookup twice$/],
    ['IMPORTED_KEYS', 'hmac-sha256', /^names hmac-sha256, but no pepper of the other system is given$/],
    ['IMPORTED_KEY_PEPPERS', 'hunter2', IMPORTED_PEPPER],
    ['IMPORTED_KEY_PEPPERS', 'old:pepper!', IMPORTED_PEPPER],
    ['LAST_USED_FLUSH_SECONDS', '0', NUMBER],
    ['CREDENTIAL_LEASES', 'true', /^must be one of on, off$/],
    ['LAST_USED_FROM', 'true', /^must be one of on, off$/],
    ['USAGE_HOURS_KEPT_DAYS', '0', NUMBER],
    ['USAGE_HOURS_KEPT_DAYS', '36501', NUMBER],
    ['USAGE_DAYS_KEPT_DAYS', '30', NUMBER],
    ['FAILED_AUTHENTICATIONS_PER_MINUTE', '-1', NUMBER],
    ['ORGANIZATION_RATE_LIMIT_PER_MINUTE', '-1', NUMBER],
    ['ORGANIZATION_RATE_LIMIT_PER_MINUTE', 'off', NUMBER],
    ['ORGANIZATION_RATE_LIMIT_PER_MINUTE', '100000001', NUMBER],
    ['MAX_KEYS_PER_ORGANIZATION', '0', NUMBER],
    ['MAX_KEYS_PER_ORGANIZATION', '1000001', NUMBER],
    ['TRUSTED_PROXIES', 'proxy.example', NETWORKS],
    ['TRUSTED_PROXIES', '10.0.0.1,', NETWORKS],
    ['TRUSTED_PROXIES', '10.0.0.0/33', NETWORKS],
    ['TRUSTED_PROXIES', '::1/129', NETWORKS],
    ['TRUSTED_PROXIES', '10.0.0.0/8/8', NETWORKS],
    ['TRUSTED_PROXIES', '10.0.0.0/0', NETWORKS],
    ['TRUSTED_PROXIES', '*', NETWORKS],
    ['ACCEPT_BEARER', 'true', /^must be one of on, off$/],
    ['METRICS', 'true', /^must be one of on, off$/],
    ['BCRYPT_COST', '9', NUMBER],
    ['BCRYPT_COST', '15', NUMBER],
    ['SECRET_PEPPERS', '1:c2hvcnQ', PEPPERS],
    ['SECRET_PEPPERS', 'hunter2', PEPPERS],
    ['SECRET_PEPPERS', `${PEPPER},`, PEPPERS],
    ['SECRET_PEPPERS', `${PEPPER},${PEPPER}`, /^names a pepper twice$/],
    ['BOOTSTRAP_API_KEY', 'k'.repeat(256), /^must have at most 255 characters$/],
    ['PUBLIC_URL', 'hunter2.example', ADDRESS],
    ['PUBLIC_URL', 'ftp://api.example.com', ADDRESS],
    ['PUBLIC_URL', 'https://user:hunter2@api.example.com', ADDRESS],
    ['PUBLIC_URL', 'https://api.example.com/?key=1', ADDRESS],
    ['PUBLIC_URL', 'https://api.example.com/#docs', ADDRESS],
    ['CORS_ORIGINS', 'hunter2.example', ORIGINS],
    ['CORS_ORIGINS', 'https://a.example/', ORIGINS],
    ['CORS_ORIGINS', 'https://a.example:443', ORIGINS],
    ['CORS_ORIGINS', 'https://*.a.example', ORIGINS],
    ['CORS_ORIGINS', 'https://a.example,*', ORIGINS],
    ['CORS_ORIGINS', 'https://a.example,', ORIGINS],
    ['CORS_ORIGINS', 'null', ORIGINS],
    ['BOOTSTRAP_ORGANIZATION_NAME', '🪶'.repeat(256), /^must have at most 255 characters$/],
    ['NODE_ENV', 'staging', /^must be one of production, development, test$/],
    ['NODE_ENV', 'Production', /^must be one of production, development, test$/],
    ['LOG_LEVEL', 'verbose', /^must be one of fatal, error, warn, info, debug, trace, silent$/],
    ['LOG_FORMAT', 'xml', /^must be one of json, pretty$/],
  ])('gives one line with its name and its rule, never its value: %s=%s', (name, value, rule) => {
    const lines = linesOf({ [name]: value });
    expect(lines).toHaveLength(1);
    const [variable, ...rest] = (lines[0] ?? '').split(' ');
    expect(variable).toBe(name);
    expect(rest.join(' ')).toMatch(rule);
    // What stands in the rule itself gives nothing away.
    if (!RULES_QUOTE.includes(value)) expect(lines[0]).not.toContain(value);
  });

  it('is IMPORTED_KEYS where peppers of another system are given for nothing', () => {
    const IMPORTED_KEY_PEPPERS = 'old:aHVudGVyMg';
    const lacking = 'IMPORTED_KEYS must name hmac-sha256 or nestarc, because peppers of another system are given';
    expect(linesOf({ IMPORTED_KEYS: 'sha256', IMPORTED_KEY_PEPPERS })).toEqual([lacking]);
    expect(linesOf({ IMPORTED_KEY_PEPPERS })).toEqual([lacking]);
  });

  it('is reported with all the others', () => {
    const lines = linesOf({ PORT: 'x', BCRYPT_COST: 'y', LOG_LEVEL: 'z' });
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['PORT', 'BCRYPT_COST', 'LOG_LEVEL']);
  });
});

describe('two places for one secret', () => {
  it.each([
    ['SECRET_PEPPERS', PEPPER, 'SECRET_PEPPERS_FILE', '/run/hunter2'],
    ['BOOTSTRAP_API_KEY', 'hunter2', 'BOOTSTRAP_API_KEY_FILE', '/run/hunter2'],
    ['RATE_LIMIT_STORE', 'redis://:hunter2@h', 'RATE_LIMIT_STORE_FILE', '/run/hunter2'],
  ])('exclude each other: %s', (variable, value, file, path) => {
    expect(linesOf({ [variable]: value, [file]: path })).toEqual([
      `${variable} and ${file} exclude each other: set one of them`,
    ]);
  });

  it.each(['SECRET_PEPPERS_FILE', 'BOOTSTRAP_API_KEY_FILE'])('are one when the other is empty: %s', (file) => {
    expect(linesOf({ [file]: '/run/secret', [file.replace('_FILE', '')]: '' })).toEqual([]);
  });
});
