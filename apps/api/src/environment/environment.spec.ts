import { describe, expect, it } from '@jest/globals';
import { ImportedPeppers, generatePepper } from '@feather-identity/infra';
import { type Environment, readEnvironment } from './environment.js';
import { GivenSettings } from './given-settings.js';

const read = (variables: Record<string, string> = {}, isTerminal = false) =>
  readEnvironment(new GivenSettings(variables), isTerminal);

const DEFAULTS: Omit<Environment, 'tokenFormat' | 'settings'> = {
  production: false,
  port: 8000,
  host: '127.0.0.1',
  shutdownGraceSeconds: 5,
  keepAliveSeconds: 65,
  database: { type: 'sqlite', path: './data/identity.db' },
  databasePoolSize: 10,
  allowNonDurable: false,
  credentialLeases: true,
  secretScheme: 'bcrypt',
  bcryptCost: 10,
  peppers: null,
  peppersFile: './data/peppers',
  importedKeys: null,
  importedPeppers: ImportedPeppers.none,
  flushSeconds: 10,
  keepLastUsedFrom: true,
  usageHoursKeptDays: 90,
  usageDaysKeptDays: 1095,
  failuresPerMinute: 600,
  requestsPerMinute: 6000,
  rateLimitStore: null,
  rateLimitStoreFile: null,
  rateLimitStoreTimeoutMs: 50,
  maxKeysPerOrganization: 1000,
  scopesFile: null,
  trustedProxies: [],
  publicUrl: null,
  corsOrigins: [],
  acceptBearer: false,
  console: true,
  metrics: false,
  metricsByKey: false,
  bootstrapApiKey: null,
  bootstrapApiKeyFile: null,
  bootstrapOrganizationName: 'Default organization',
  logLevel: 'info',
  logFormat: 'json',
  settingsFile: null,
  warnings: [],
};

describe('the environment', () => {
  it('needs no variable', () => {
    const { tokenFormat, settings: _settings, ...rest } = read();
    expect(rest).toEqual(DEFAULTS);
    expect(tokenFormat.compose('a'.repeat(8), 'b'.repeat(32)).keyPrefix).toBe('fth_live_aaaaaaaa');
  });

  it('warns of names that are nearly settings, and of no others', () => {
    const { warnings } = read({
      MAX_KEY_PER_ORGANIZATION: '5',
      DATABSE_URL: 'postgres://h/d',
      TRUSTED_PROXY: '::1',
      HOME: '/root',
      POST: '1',
      DATABASE_HOST: 'h',
      LOG_DIRECTORY: '/tmp',
      MAX_KEYS_PER_ORGANIZATION: '',
    });
    expect(warnings).toEqual([
      'MAX_KEY_PER_ORGANIZATION is not a setting of this service. Did you mean MAX_KEYS_PER_ORGANIZATION?',
      'DATABSE_URL is not a setting of this service. Did you mean DATABASE_URL?',
    ]);
  });

  it('refuses a replica for reads by the name of the setting, with the reason and without its value', () => {
    const DATABASE_READ_URL = 'postgres://user:hunter2@replica/keys';
    expect(() => read({ DATABASE_READ_URL })).toThrow(/^DATABASE_READ_URL is not supported: (?!.*hunter2).*revoked/);
    expect(read({ DATABASE_READ_URL: '' }).warnings).toEqual([]);
  });

  it('warns of settings that have no effect without another one', () => {
    const byKey = 'METRICS_BY_KEY=on does nothing without METRICS=on.';
    const unreachable =
      'CONSOLE=on, but nobody can sign in: set PUBLIC_URL to the address that browsers use, over HTTPS.';
    const production = {
      NODE_ENV: 'production',
      SECRET_PEPPERS: generatePepper(1),
      DATABASE_URL: 'sqlite:./identity.db',
    };
    expect(read({ METRICS_BY_KEY: 'on' }).warnings).toEqual([byKey]);
    expect(read({ METRICS_BY_KEY: 'on', METRICS: 'on', CONSOLE: 'on' }).warnings).toEqual([]);
    const wait = { RATE_LIMIT_STORE_TIMEOUT_MS: '200' };
    expect(read(wait).warnings).toEqual(['RATE_LIMIT_STORE_TIMEOUT_MS does nothing without RATE_LIMIT_STORE.']);
    expect(read({ ...wait, RATE_LIMIT_STORE: 'redis://cache' }).warnings).toEqual([]);
    expect(read({ ...production, CONSOLE: 'on' }).warnings).toEqual([unreachable]);
    expect(read({ ...production, CONSOLE: 'on', PUBLIC_URL: 'https://keys.example' }).warnings).toEqual([]);
    expect(read({ ...production, CONSOLE: 'on', TRUSTED_PROXIES: '10.0.0.1' }).warnings).toEqual([]);
  });

  it('shows each setting with its origin, and no secret', () => {
    const { settings } = read({
      DATABASE_URL: 'postgres://user:hunter2@db/keys?sslmode=require',
      SECRET_PEPPERS: generatePepper(1),
      RATE_LIMIT_STORE: 'rediss://user:hunter2@cache/3',
      PORT: '80',
    });
    const shown = Object.fromEntries(settings.map(({ name, origin, value }) => [name, [origin, value]]));
    expect(shown).toMatchObject({
      DATABASE_URL: ['environment', 'postgres://db:5432/keys'],
      SECRET_PEPPERS: ['environment', 'set'],
      SECRET_PEPPERS_FILE: ['default', expect.stringMatching(/^\/.*\/data\/peppers$/)],
      BOOTSTRAP_API_KEY: ['default', null],
      RATE_LIMIT_STORE: ['environment', 'rediss://cache:6379/3'],
      RATE_LIMIT_STORE_FILE: ['default', null],
      PORT: ['environment', '80'],
      HOST: ['default', '127.0.0.1'],
      METRICS: ['default', 'off'],
    });
  });

  it('takes an empty text as not set', () => {
    const names = ['PORT', 'HOST', 'DATABASE_URL', 'BCRYPT_COST', 'SECRET_PEPPERS', 'SECRET_PEPPERS_FILE'];
    const more = [
      'SECRET_HASHER',
      'BOOTSTRAP_API_KEY',
      'BOOTSTRAP_ORGANIZATION_NAME',
      'LOG_LEVEL',
      'LOG_FORMAT',
      'KEY_NAMESPACE',
    ];
    const settings = read(Object.fromEntries([...names, ...more].map((name) => [name, ''])));
    expect(settings).toMatchObject(DEFAULTS);
  });

  it.each<[string, string, Partial<Environment>]>([
    ['PORT', '0', { port: 0 }],
    ['PORT', '65535', { port: 65_535 }],
    ['HOST', '0.0.0.0', { host: '0.0.0.0' }],
    ['DATABASE_URL', 'sqlite:/srv/keys.db', { database: { type: 'sqlite', path: '/srv/keys.db' } }],
    ['DATABASE_URL', 'postgres://u:p@h:1/d', { database: { type: 'postgres', url: 'postgres://u:p@h:1/d' } }],
    ['DATABASE_URL', 'postgresql://h/d', { database: { type: 'postgres', url: 'postgresql://h/d' } }],
    ['DATABASE_POOL_SIZE', '2', { databasePoolSize: 2 }],
    ['DATABASE_ALLOW_NON_DURABLE', 'true', { allowNonDurable: true }],
    ['SECRET_HASHER', 'bcrypt', { secretScheme: 'bcrypt' }],
    ['SECRET_HASHER', 'hmac-sha256', { secretScheme: 'hmac-sha256' }],
    ['BCRYPT_COST', '14', { bcryptCost: 14 }],
    ['LAST_USED_FLUSH_SECONDS', '1', { flushSeconds: 1 }],
    ['CREDENTIAL_LEASES', 'off', { credentialLeases: false }],
    ['LAST_USED_FROM', 'off', { keepLastUsedFrom: false }],
    ['USAGE_HOURS_KEPT_DAYS', '1', { usageHoursKeptDays: 1 }],
    ['USAGE_DAYS_KEPT_DAYS', '31', { usageDaysKeptDays: 31 }],
    ['FAILED_AUTHENTICATIONS_PER_MINUTE', '5', { failuresPerMinute: 5 }],
    ['FAILED_AUTHENTICATIONS_PER_MINUTE', '0', { failuresPerMinute: null }],
    ['ORGANIZATION_RATE_LIMIT_PER_MINUTE', '1', { requestsPerMinute: 1 }],
    ['ORGANIZATION_RATE_LIMIT_PER_MINUTE', '0', { requestsPerMinute: null }],
    ['RATE_LIMIT_STORE', 'redis://h', { rateLimitStore: { host: 'h', port: 6379, database: 0, isEncrypted: false } }],
    [
      'RATE_LIMIT_STORE',
      'rediss://u:p%40@[::1]:1/2',
      {
        rateLimitStore: { host: '::1', port: 1, database: 2, username: 'u', password: 'p@', isEncrypted: true },
      },
    ],
    ['MAX_KEYS_PER_ORGANIZATION', '1', { maxKeysPerOrganization: 1 }],
    ['MAX_KEYS_PER_ORGANIZATION', '1000000', { maxKeysPerOrganization: 1_000_000 }],
    [
      'TRUSTED_PROXIES',
      '10.0.0.1, 10.0.0.0/8,::1,fd00::/8',
      { trustedProxies: ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'] },
    ],
    ['PUBLIC_URL', 'https://API.example.com/keys/', { publicUrl: 'https://api.example.com/keys' }],
    ['PUBLIC_URL', 'http://127.0.0.1:8000', { publicUrl: 'http://127.0.0.1:8000' }],
    ['CORS_ORIGINS', '*', { corsOrigins: ['*'] }],
    [
      'CORS_ORIGINS',
      'https://a.example, http://localhost:5173',
      { corsOrigins: ['https://a.example', 'http://localhost:5173'] },
    ],
    ['ACCEPT_BEARER', 'on', { acceptBearer: true }],
    ['CONSOLE', 'off', { console: false }],
    ['METRICS', 'on', { metrics: true }],
    ['METRICS_BY_KEY', 'on', { metricsByKey: true }],
    ['SECRET_PEPPERS_FILE', '/run/secrets/peppers', { peppersFile: '/run/secrets/peppers' }],
    ['BOOTSTRAP_API_KEY', 'anything', { bootstrapApiKey: 'anything' }],
    ['BOOTSTRAP_API_KEY_FILE', '/run/key', { bootstrapApiKeyFile: '/run/key' }],
    ['BOOTSTRAP_ORGANIZATION_NAME', '🪶'.repeat(255), { bootstrapOrganizationName: '🪶'.repeat(255) }],
    ['LOG_LEVEL', 'silent', { logLevel: 'silent' }],
    ['LOG_FORMAT', 'pretty', { logFormat: 'pretty' }],
    ['NODE_ENV', 'production', { production: true }],
    ['NODE_ENV', 'development', { production: false }],
  ])('reads %s=%s', (name, value, expected) => {
    expect(read({ [name]: value })).toMatchObject(expected);
  });

  it('reads how tokens are spelled', () => {
    const { tokenFormat } = read({ KEY_NAMESPACE: 'acme1', KEY_ENVIRONMENT: 'test' });
    expect(tokenFormat.compose('a'.repeat(8), 'b'.repeat(32)).keyPrefix).toBe('acme1_test_aaaaaaaa');
  });

  it('reads which keys of other systems are accepted', () => {
    const { importedKeys, importedPeppers } = read({
      IMPORTED_KEYS: 'hmac-sha256,prefix:8',
      IMPORTED_KEY_PEPPERS: 'old:b2xk\n',
    });
    expect(
      ['hmac-sha256:old:x', 'prefix:sk_live_', 'sha256:x'].map((each) =>
        importedKeys?.finds({ hash: each, lookup: each }),
      ),
    ).toEqual([true, true, false]);
    expect(importedPeppers.names).toEqual(['old']);
  });

  it('reads peppers, the first of them the current one', () => {
    const { peppers } = read({ SECRET_PEPPERS: `${generatePepper(2)},${generatePepper(1)}\n` });
    expect(peppers?.current.id).toMatch(/^v2\./);
  });

  it('logs text on a terminal, and JSON elsewhere and in production', () => {
    expect(read({}, true).logFormat).toBe('pretty');
    expect(read({ NODE_ENV: 'production' }, true).logFormat).toBe('json');
  });
});
