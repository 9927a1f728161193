import { aNewApiKey, aNewImportedApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES } from '../../../testing/test-location.js';
import { readKeySettings, readUsedKeySettings, rememberKeySettings } from './key-settings.js';

const LIVE = { keyNamespace: 'fth', keyEnvironment: 'live', pepperIds: ['v2.bbbbbbbb', 'v1.aaaaaaaa'] };
const TEST = { ...LIVE, keyEnvironment: 'test', pepperIds: [] };

describe.each(DATABASES)('the settings of keys on %s', (type) => {
  let database: TestDatabase;

  beforeAll(async () => (database = await openTestDatabase(type)));
  beforeEach(() => database.empty());
  afterAll(() => database.close());

  it('are remembered by one of several that do so at once, and replaced by whoever has read them', async () => {
    const { dataSource } = database;
    await expect(readKeySettings(dataSource)).resolves.toBeNull();
    const first = await Promise.all([LIVE, TEST].map((each) => rememberKeySettings(dataSource, each, null)));
    expect(first.sort()).toEqual([false, true]);
    const stored = await readKeySettings(dataSource);
    expect([LIVE, TEST]).toContainEqual(stored);
    const other = stored?.keyEnvironment === 'live' ? TEST : LIVE;
    await expect(rememberKeySettings(dataSource, other, other)).resolves.toBe(false);
    await expect(rememberKeySettings(dataSource, other, stored)).resolves.toBe(true);
    await expect(readKeySettings(dataSource)).resolves.toEqual(other);
  });

  it('are the own ones where any secret was made with them, and otherwise those of the newest secret', async () => {
    const { dataSource, organizations, apiKeys } = database;
    const own = { keyNamespace: 'fth', keyEnvironment: 'live', pepperIds: ['v1.aaaaaaaa'] };
    await expect(readUsedKeySettings(dataSource, own)).resolves.toBeNull();
    const created = aNewOrganization();
    await organizations.insert(created);
    await apiKeys.insertImported([aNewImportedApiKey(created.owner, {})]);
    const [keyNamespace, keyEnvironment] = created.secret.keyPrefix.split('_');
    await expect(readUsedKeySettings(dataSource, own)).resolves.toMatchObject({ keyNamespace, keyEnvironment });
    const prove = (id: string, pepper: string) =>
      dataSource.query(`UPDATE api_key_secrets SET proof = 'hmac-sha256:${pepper}:x' WHERE id = '${id}'`);
    await prove(created.secret.id, 'v1.aaaaaaaa');
    // Made by mistake with other settings.
    const stray = aNewApiKey(created.owner);
    await apiKeys.insert(stray);
    await dataSource.query(`UPDATE api_key_secrets SET key_prefix = 'abc_live_1' WHERE id = '${stray.secret.id}'`);
    await prove(stray.secret.id, 'v1.bbbbbbbb');
    const made = { keyNamespace: keyNamespace ?? '', keyEnvironment: keyEnvironment ?? '', pepperIds: ['v1.aaaaaaaa'] };
    await expect(readUsedKeySettings(dataSource, made)).resolves.toEqual(made);
    await expect(readUsedKeySettings(dataSource, { ...made, keyNamespace: 'other', pepperIds: [] })).resolves.toEqual({
      keyNamespace: 'abc',
      keyEnvironment: 'live',
      pepperIds: ['v1.bbbbbbbb'],
    });
  });
});
