import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { generatePepper, PepperRing, readKeySettings } from '@feather-identity/infra';
import { describe, expect, it } from '@jest/globals';
import { DATABASES, emptyDatabase, temporaryFolder } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import type { Environment } from '../environment/environment.js';
import { createServiceIdentity, openIdentity, startIdentity } from './identity.js';
import { acceptKeySettings, assertKeySettings, mergedPeppers } from './key-settings.js';

const [ONE, TWO] = [generatePepper(1), generatePepper(2)];
const idOf = (pepper: string) => PepperRing.parse(pepper).current.id;

describe.each(DATABASES)('the key settings of a database on %s', (type) => {
  const settings = async () => {
    const DATABASE_URL = await emptyDatabase(type, process.env);
    return (SECRET_PEPPERS: string, more: Record<string, string> = {}) =>
      environment({ DATABASE_URL, ...(SECRET_PEPPERS === '' ? {} : { SECRET_PEPPERS }), ...more });
  };

  const start = async (env: Environment) => {
    const { identity } = await startIdentity(env);
    try {
      return await readKeySettings(identity.dataSource);
    } finally {
      await identity.dataSource.destroy();
    }
  };

  /** What `organization create` does. */
  const create = async (env: Environment) => {
    const identity = await openIdentity(env, { migrates: true });
    try {
      return (await identity.createOrganization.execute('Acme')).apiKey.keyPrefix;
    } finally {
      await identity.dataSource.destroy();
    }
  };

  it('are remembered by the first start, and no start or command with others writes a key', async () => {
    const env = await settings();
    await expect(start(env(ONE))).resolves.toEqual({
      keyNamespace: 'fth',
      keyEnvironment: 'live',
      pepperIds: [idOf(ONE)],
    });
    await expect(create(env(ONE))).resolves.toMatch(/^fth_live_/);
    for (const write of [start, create]) {
      await expect(write(env(ONE, { KEY_NAMESPACE: 'acme' }))).rejects.toThrow('acme_live_, but');
      await expect(write(env(ONE, { KEY_ENVIRONMENT: 'test' }))).rejects.toThrow('--accept-key-format');
      await expect(write(env(TWO))).rejects.toThrow(
        `${idOf(TWO)}, but the keys of this database were made under ${idOf(ONE)}`,
      );
    }
    const identity = await openIdentity(env(ONE));
    await expect(identity.listOrganizations.execute()).resolves.toHaveLength(1);
    await expect(assertKeySettings(env(TWO), identity.dataSource)).rejects.toThrow('--accept-peppers');
    await identity.dataSource.destroy();
  });

  it('are remembered by the first key, if that comes before any start', async () => {
    const env = await settings();
    await create(env(ONE));
    await expect(start(env(TWO))).rejects.toThrow(idOf(ONE));
  });

  it('of a database from before are those of its newest key', async () => {
    const env = await settings();
    const identity = await openIdentity(env(ONE), { migrates: true });
    await createServiceIdentity(env(ONE), identity.dataSource, {
      peppers: PepperRing.parse(ONE),
    }).createOrganization.execute('Acme');
    await expect(readKeySettings(identity.dataSource)).resolves.toBeNull();
    await identity.dataSource.destroy();
    for (const write of [start, create]) {
      await expect(write(env(TWO))).rejects.toThrow(idOf(ONE));
      await expect(write(env(ONE, { KEY_ENVIRONMENT: 'test' }))).rejects.toThrow('fth_live_');
    }
    await expect(start(env(`${TWO},${ONE}`))).resolves.toMatchObject({ pepperIds: [idOf(TWO), idOf(ONE)] });
  });

  it('follow a rotation of peppers, in which commands wait for the service', async () => {
    const env = await settings();
    await start(env(ONE));
    await expect(create(env(`${TWO},${ONE}`))).rejects.toThrow('Start the service with it first');
    // Announced, made current, and alone; an instance that was not restarted yet may start again in between.
    for (const peppers of [`${ONE},${TWO}`, ONE, `${TWO},${ONE}`]) {
      await expect(start(env(peppers))).resolves.toMatchObject({ pepperIds: [idOf(TWO), idOf(ONE)] });
    }
    await expect(create(env(`${TWO},${ONE}`))).resolves.toBeDefined();
    await expect(start(env(TWO))).resolves.toMatchObject({ pepperIds: [idOf(TWO)] });
    for (const write of [start, create]) await expect(write(env(ONE))).rejects.toThrow(idOf(TWO));
  });

  it('are changed on purpose', async () => {
    const env = await settings();
    await create(env(ONE));
    const other = env(TWO, { KEY_ENVIRONMENT: 'test' });
    const identity = await openIdentity(other);
    await acceptKeySettings(other, identity.dataSource, { keyFormat: true, peppers: false });
    await expect(create(other)).rejects.toThrow(idOf(ONE));
    await acceptKeySettings(other, identity.dataSource, { keyFormat: false, peppers: true });
    await expect(create(other)).resolves.toMatch(/^fth_test_/);
    await identity.dataSource.destroy();
  });

  it('keep a start and a command from making another pepper file, until its loss is accepted', async () => {
    const env = await settings();
    const file = join(temporaryFolder(), 'peppers');
    const lost = env('', { SECRET_PEPPERS_FILE: file });
    await expect(create(lost)).rejects.toThrow(`${file}) does not exist. Use the settings of the service`);
    await start(env(ONE));
    for (const write of [start, create]) await expect(write(lost)).rejects.toThrow(`${idOf(ONE)}: put the file back`);
    expect(existsSync(file)).toBe(false);
    const identity = await openIdentity(lost);
    await acceptKeySettings(lost, identity.dataSource, { keyFormat: false, peppers: true });
    await identity.dataSource.destroy();
    await expect(start(lost)).resolves.toMatchObject({ pepperIds: [expect.stringMatching(/^v1\./)] });
    expect(existsSync(file)).toBe(true);
  });

  it('are the same for four that start at once', async () => {
    const env = await settings();
    await start(env(ONE));
    const peppers = [`${ONE},${TWO}`, ONE, `${TWO},${ONE}`, `${ONE},${TWO}`];
    await Promise.all(peppers.map((each) => start(env(each))));
    const { pepperIds } = (await start(env(ONE)))!;
    expect(pepperIds).toEqual([TWO, ONE].map(idOf));
  });
});

it.each([
  [[], ['b', 'a'], ['b', 'a']],
  [['a'], ['b', 'a'], ['b', 'a']],
  [['a'], ['a', 'b'], ['b', 'a']],
  [['b', 'a'], ['a'], ['b', 'a']],
  [['b', 'a'], ['b'], ['b']],
  [
    ['b', 'a'],
    ['c', 'a'],
    ['c', 'b', 'a'],
  ],
  [
    ['c', 'b', 'a'],
    ['c', 'b'],
    ['c', 'b'],
  ],
])('a start that finds %j and has %j remembers %j', (remembered, started, expected) => {
  expect(mergedPeppers(remembered, started)).toEqual(expected);
});
