import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Identity } from '@feather-identity/core';
import { aNewApiKey, aRevocationOf } from '@feather-identity/core/testing';
import { expect, it } from '@jest/globals';
import { temporaryFolder } from '../../../testing/test-location.js';
import { createTypeOrmIdentity } from '../../typeorm-identity.js';
import { openDatabase } from './open-database.js';

/** Made by the version of its commit, with keys in every state; tokens and peppers are those of this file alone. */
const KEPT = join(import.meta.dirname, '../../../testing/kept/2026-11-29');

interface Kept {
  readonly peppers: string;
  readonly organizationId: string;
  readonly tokens: Readonly<Record<string, string>>;
  readonly imported: string;
}

it('a database of the version before is migrated, and its keys verify, are refused and count as before', async () => {
  const { peppers, organizationId, tokens, imported } = JSON.parse(readFileSync(`${KEPT}.json`, 'utf8')) as Kept;
  const path = join(temporaryFolder(), 'kept.db');
  copyFileSync(`${KEPT}.db`, path);
  const dataSource = await openDatabase({ location: { type: 'sqlite', path }, poolSize: 2 });
  const options = { keyNamespace: 'kept', keyEnvironment: 'test', importedKeys: { lookups: 'sha256' } };
  const identity = createTypeOrmIdentity({ dataSource, peppers, ...options });
  const { apiKeys, organizations, clock } = identity;
  const { verifyApiKey } = new Identity(identity, identity);
  const names: Record<string, string | undefined> = {};
  for (const [state, text] of Object.entries({ ...tokens, imported })) {
    names[state] = (await verifyApiKey.execute(text).catch(() => undefined))?.apiKey.name;
  }
  expect(names).toEqual({
    owner: 'Owner key',
    plain: 'plain',
    rotated: 'rotated',
    beforeRotation: undefined,
    expired: undefined,
    revoked: undefined,
    disabled: undefined,
    imported: 'imported',
  });

  // Four verify and one is disabled: these count.
  const keys = await apiKeys.list(organizationId, { includeRevoked: true });
  expect(keys.map(({ name }) => name).sort()).toEqual(
    ['Owner key', 'disabled', 'expired', 'imported', 'plain', 'revoked', 'rotated'].sort(),
  );
  const owner = await organizations.findOwner(organizationId);
  const insert = (maxKeys: number) =>
    apiKeys.insert(aNewApiKey(owner!, { createdAt: clock.now() }), { issuedBy: keys.at(-1)!, maxKeys });
  await expect(insert(5)).rejects.toMatchObject({ code: 'api_key.limit_reached' });
  await insert(6);
  await expect(insert(6)).rejects.toMatchObject({ code: 'api_key.limit_reached' });
  const plain = keys.find(({ name }) => name === 'plain')!;
  await expect(apiKeys.revoke(organizationId, plain.id, aRevocationOf(plain))).resolves.toBe(true);
  await insert(6);
  await dataSource.destroy();
});
