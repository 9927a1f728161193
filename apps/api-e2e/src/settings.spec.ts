import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Outcome } from './support/child.js';
import { Installation } from './support/installation.js';

const LONG = 'unwanted'.repeat(40);

/** A value that each variable refuses. */
const WRONG: Readonly<Record<string, string>> = {
  PORT: '65536',
  HOST: LONG,
  SHUTDOWN_GRACE_SECONDS: 'unwanted',
  KEEP_ALIVE_SECONDS: '0',
  DATABASE_URL: 'mysql://user:unwanted@localhost/feather',
  DATABASE_POOL_SIZE: 'unwanted',
  DATABASE_ALLOW_NON_DURABLE: 'unwanted',
  KEY_NAMESPACE: 'UNWANTED',
  KEY_ENVIRONMENT: 'un_wanted',
  SECRET_HASHER: 'unwanted',
  BCRYPT_COST: '99',
  LAST_USED_FLUSH_SECONDS: 'unwanted',
  CREDENTIAL_LEASES: 'unwanted',
  LAST_USED_FROM: 'unwanted',
  USAGE_HOURS_KEPT_DAYS: 'unwanted',
  USAGE_DAYS_KEPT_DAYS: 'unwanted',
  FAILED_AUTHENTICATIONS_PER_MINUTE: 'unwanted',
  ORGANIZATION_RATE_LIMIT_PER_MINUTE: 'unwanted',
  MAX_KEYS_PER_ORGANIZATION: 'unwanted',
  TRUSTED_PROXIES: 'unwanted',
  PUBLIC_URL: 'unwanted',
  CORS_ORIGINS: 'unwanted',
  ACCEPT_BEARER: 'unwanted',
  METRICS: 'unwanted',
  METRICS_BY_KEY: 'unwanted',
  NODE_ENV: 'unwanted',
  SECRET_PEPPERS: '1:unwanted',
  SECRET_PEPPERS_FILE: LONG,
  BOOTSTRAP_API_KEY: LONG,
  BOOTSTRAP_API_KEY_FILE: LONG,
  BOOTSTRAP_ORGANIZATION_NAME: LONG,
  LOG_LEVEL: 'unwanted',
  LOG_FORMAT: 'unwanted',
};

/** Lines that a start may end with: each names its variable first. */
const linesOf = ({ stderr }: Outcome): string[] => stderr.trimEnd().split('\n');

function expectNoValue({ stdout, stderr }: Outcome, value: string): void {
  // The log begins with the database, without its user and password.
  expect(stdout).toMatch(/^(?:\{"level":30,[^\n]+"msg":"Database: [^\n]+\n)?$/);
  expect(stdout).not.toMatch(/user|:unwanted/);
  expect(stderr).not.toMatch(/unwanted/i);
  expect(stderr).not.toContain(value);
}

describe('a wrong setting', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.create('sqlite');
  });

  it('stops the start with one line for each variable, never with its value', async () => {
    const outcome = await installation.startInVain(WRONG);
    const named = linesOf(outcome).map((line) => /^([A-Z_]+) /.exec(line)?.[1]);
    expect(outcome.status).toBe(1);
    expect(new Set(named)).toEqual(new Set(Object.keys(WRONG)));
    expectNoValue(outcome, 'user:');
    expect(await readdir(installation.folder)).toEqual([]);
  });

  it.each([
    ['SECRET_PEPPERS', 'SECRET_PEPPERS_FILE', `1:${'A'.repeat(43)}`],
    ['BOOTSTRAP_API_KEY', 'BOOTSTRAP_API_KEY_FILE', 'anything'],
  ])('is one secret from two places: %s and %s', async (variable, file, value) => {
    const outcome = await installation.run(['token', 'generate'], { [variable]: value, [file]: './file' });
    expect(outcome).toMatchObject({ status: 1, stdout: '' });
    expect(linesOf(outcome)).toEqual([expect.stringMatching(new RegExp(`^${variable} and ${file} `))]);
  });

  it.each([
    ['BOOTSTRAP_API_KEY', 'fth_live_unwanted'],
    ['BOOTSTRAP_API_KEY_FILE', './unwanted-content'],
    ['BOOTSTRAP_API_KEY_FILE', './unwanted-absent'],
  ])('is a first key that cannot be used: %s=%s', async (name, value) => {
    await writeFile(join(installation.folder, 'unwanted-content'), 'unwanted: no token\n');
    const outcome = await installation.startInVain({ [name]: value });
    expectOneLine(outcome, name, value);
    // No database either.
    expect(await readdir(installation.folder)).toEqual(['unwanted-content']);
  });

  it.each([
    ['DATABASE_URL', 'postgres://user:unwanted@127.0.0.1:1/feather'],
    ['DATABASE_URL', 'postgres://user:unwanted@unwanted.invalid/feather'],
    ['DATABASE_URL', 'sqlite:./unwanted-content/identity.db'],
  ])('is a database that cannot be opened: %s=%s', async (name, value) => {
    await writeFile(join(installation.folder, 'unwanted-content'), 'no folder\n');
    expectOneLine(await installation.startInVain({ [name]: value }), name, value);
  });

  it('is an address that cannot be listened on', async () => {
    const { status, stderr } = await installation.startInVain({ HOST: '203.0.113.1' });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^HOST and PORT .*\(\w+\)\n$/) });
  });

  it.each(['./unwanted-content', './unwanted-folder'])('is a pepper file that cannot be used: %s', async (value) => {
    await writeFile(join(installation.folder, 'unwanted-content'), 'unwanted: no pepper\n');
    await mkdir(join(installation.folder, 'unwanted-folder'), { recursive: true });
    expectOneLine(await installation.startInVain({ SECRET_PEPPERS_FILE: value }), 'SECRET_PEPPERS_FILE', value);
  });
});

function expectOneLine(outcome: Outcome, name: string, value: string): void {
  expect(outcome.status).toBe(1);
  expect(linesOf(outcome)).toEqual([expect.stringMatching(new RegExp(`^${name}\\b`))]);
  expectNoValue(outcome, value);
}
