import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Identity } from '@feather-identity/core';
import { aNewApiKey, aRevocationOf } from '@feather-identity/core/testing';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../../testing/test-location.js';
import { createTypeOrmIdentity } from '../../typeorm-identity.js';
import { backUpSqlite } from './backup.js';
import { openDatabase } from './open-database.js';
import { inspectDatabase } from './backup.js';

/**
 * Each made by the version of the commit in its name, with keys in every state that it knew. Tokens and peppers are those
 * of these files alone.
 */
const KEPT = join(import.meta.dirname, '../../../testing/kept');

interface Kept {
  readonly peppers: string;
  readonly organizationId: string;
  /** By the state of their key. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly imported?: string;
}

/** States of keys that verify. */
const GOOD = ['owner', 'plain', 'rotated', 'imported'];

const versions = readdirSync(KEPT).flatMap((file) => (file.endsWith('.db') ? [file.slice(0, -'.db'.length)] : []));

describe.each(versions)('a database of version %s', (version) => {
  const { peppers, organizationId, tokens, imported } = JSON.parse(
    readFileSync(join(KEPT, `${version}.json`), 'utf8'),
  ) as Kept;
  const kept = () => {
    const path = join(temporaryFolder(), 'kept.db');
    copyFileSync(join(KEPT, `${version}.db`), path);
    return path;
  };

  it('is migrated, and its keys verify, are refused and count as before', async () => {
    const dataSource = await openDatabase({ location: { type: 'sqlite', path: kept() }, poolSize: 2 });
    const options = { keyNamespace: 'kept', keyEnvironment: 'test', importedKeys: { lookups: 'sha256' } };
    const identity = createTypeOrmIdentity({ dataSource, peppers, ...options });
    const { apiKeys, organizations, clock } = identity;
    const { verifyApiKey } = new Identity(identity, identity);
    const states = Object.entries({ ...tokens, ...(imported === undefined ? {} : { imported }) });
    for (const [state, text] of states) {
      const name = await verifyApiKey.execute(text).then(
        (caller) => caller.apiKey.name,
        () => null,
      );
      expect([state, name]).toEqual([state, GOOD.includes(state) ? (state === 'owner' ? 'Owner key' : state) : null]);
    }

    // These count: the good ones, and a disabled one.
    const live = states.filter(([state]) => GOOD.includes(state) || state === 'disabled').length;
    const keys = await apiKeys.list(organizationId, { includeRevoked: true });
    const owner = await organizations.findOwner(organizationId);
    const insert = (maxKeys: number) =>
      apiKeys.insert(aNewApiKey(owner!, { createdAt: clock.now() }), { issuedBy: keys.at(-1)!, maxKeys });
    await expect(insert(live)).rejects.toMatchObject({ code: 'api_key.limit_reached' });
    await insert(live + 1);
    await expect(insert(live + 1)).rejects.toMatchObject({ code: 'api_key.limit_reached' });
    const plain = keys.find(({ name }) => name === 'plain')!;
    await expect(apiKeys.revoke(organizationId, plain.id, aRevocationOf(plain))).resolves.not.toBeNull();
    await insert(live + 1);
    await dataSource.destroy();
  });

  it('is backed up and looked into as it is, before it is migrated', async () => {
    const path = kept();
    const target = `${path}.backup`;
    const before = readFileSync(path);
    await backUpSqlite(path, target);
    for (const each of [path, target]) {
      await expect(inspectDatabase({ type: 'sqlite', path: each }, new Date())).resolves.toMatchObject({
        schema: 'older',
        organizations: 1,
        mayLackLatest: false,
      });
    }
    expect(readFileSync(path)).toEqual(before);
  });
});
