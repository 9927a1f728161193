import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KeyGenerator } from '@feather-identity/core';
import { NodeRandomSource } from '@feather-identity/infra';
import { DATABASES } from '../testing/databases.js';
import { type Pair, startPair } from '../testing/pair.js';
import { type CreatedKey, created, KEYS, send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Tenant } from '../testing/service.js';

/** On each of the two databases. */
const NEW_KEYS = 100;
const LANES = 10;
const ROUNDS = 4;
/** Doubled until the change arrives before its end, which a busy machine may need. */
const LIFE_MS = 150;

describe.each(DATABASES)('two instances on one %s database', (type) => {
  let pair: Pair;
  let tenant: Tenant;

  beforeAll(async () => {
    const limits = { ORGANIZATION_RATE_LIMIT_PER_MINUTE: '0', MAX_KEYS_PER_ORGANIZATION: '10000' };
    pair = await startPair(type, process.env, limits);
    tenant = await createTenant(pair.a);
  });

  afterAll(() => pair.close());

  /** What a key is answered by both. */
  const statuses = async (key: string, path = WHOAMI) =>
    Promise.all([pair.a, pair.b].map(async (service) => (await send(service, 'GET', path, { key })).status));

  it('take a key at once that the other has made, 200 times in all (RV7)', async () => {
    const refused: number[] = [];
    const lane = async (): Promise<void> => {
      for (let made = 0; made < NEW_KEYS / LANES; made += 1) {
        const { plain_text_key: key } = await created(pair.a, tenant.key);
        const { status } = await send(pair.b, 'GET', WHOAMI, { key });
        if (status !== 200) refused.push(status);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    expect(refused).toEqual([]);
  });

  it('take a key that they were shown, and refused, before there was one (RV7)', async () => {
    const token = new KeyGenerator(pair.a.env.tokenFormat, new NodeRandomSource()).generate().reveal();
    expect(await statuses(token)).toEqual([401, 401]);
    await pair.a.identity.adoptBootstrapKey.execute(token, 'Adopted');
    expect(await statuses(token)).toEqual([200, 200]);
  });

  it('take the new secret of a rotated key at once, and its old one no more (RV7, RV8)', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id, plain_text_key: old } = await created(pair.a, tenant.key);
      expect(await statuses(old)).toEqual([200, 200]);
      const { body } = await send(pair.a, 'POST', `${KEYS}/${id}/rotate`, { key: tenant.key });
      expect(await statuses((body as CreatedKey).plain_text_key)).toEqual([200, 200]);
      expect(await statuses(old)).toEqual([401, 401]);
    }
  });

  it('know with the next request that a key and all that it made were revoked together', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const top = await created(pair.a, tenant.key);
      const family = [top];
      for (let depth = 0; depth < 3; depth += 1) {
        family.push(await created(depth % 2 === 0 ? pair.b : pair.a, family[depth]?.plain_text_key ?? ''));
      }
      for (const { plain_text_key: key } of family) expect(await statuses(key)).toEqual([200, 200]);
      const { status } = await send(pair.a, 'DELETE', `${KEYS}/${top.id}?cascade=true`, { key: tenant.key });
      expect(status).toBe(204);
      for (const { plain_text_key: key } of family) expect(await statuses(key)).toEqual([401, 401]);
    }
  });

  it('leave no key of a tree alive that both are making during its cascade', async () => {
    const top = await created(pair.a, tenant.key);
    const tree = [top];
    for (let i = 0; i < 4; i += 1) tree.push(await created(pair.b, tree[Math.floor(i / 2)]?.plain_text_key ?? ''));
    const mint = async (key: string, i: number): Promise<string[]> => {
      const { status, body } = await send(i % 2 === 0 ? pair.a : pair.b, 'POST', KEYS, { key, body: { name: 'race' } });
      if (status !== 201) return [];
      const { plain_text_key: made } = body as CreatedKey;
      return [made, ...(await mint(made, i + 1))];
    };
    const mints = Array.from({ length: 64 }, (_, i) => mint(tree[i % tree.length]?.plain_text_key ?? '', i));
    await sleep(50);
    const cascade = send(pair.a, 'DELETE', `${KEYS}/${top.id}?cascade=true`, { key: tenant.key });
    expect((await cascade).status).toBe(204);
    const made = (await Promise.all(mints)).flat();
    for (const key of made) expect(await statuses(key)).toEqual([401, 401]);
    const listed = (await send(pair.b, 'GET', KEYS, { key: tenant.key })).body as { name: string }[];
    expect(listed.filter(({ name }) => name === 'race')).toEqual([]);
  });

  const change = async (id: string, body: unknown) => {
    expect((await send(pair.a, 'PATCH', `${KEYS}/${id}`, { key: tenant.key, body })).status).toBe(200);
  };

  it.each<[string, unknown, unknown]>([
    ['has fewer scopes', { scopes: ['orders:read'] }, { scopes: ['api_keys:read'] }],
    ['is disabled', { is_active: false }, { is_active: true }],
  ])('know with the next request that a key %s, and that it no longer is so (RV8)', async (_what, taken, given) => {
    const { id, plain_text_key: key } = await created(pair.a, tenant.key, { name: 'CI', scopes: ['api_keys:read'] });
    for (let round = 0; round < ROUNDS; round += 1) {
      expect(await statuses(key, KEYS)).toEqual([200, 200]);
      await change(id, taken);
      const refusal = 'is_active' in (taken as object) ? 401 : 403;
      expect(await statuses(key, KEYS)).toEqual([refusal, refusal]);
      await change(id, given);
    }
  });

  it('know with the next request that the life of a key was shortened (RV8)', async () => {
    const { id, plain_text_key: key } = await created(pair.a, tenant.key);
    expect(await statuses(key)).toEqual([200, 200]);
    let end = new Date();
    let status = 400;
    for (let lifeMs = LIFE_MS; status === 400; lifeMs *= 2) {
      end = new Date(Date.now() + lifeMs);
      const body = { expires_at: end.toISOString() };
      ({ status } = await send(pair.a, 'PATCH', `${KEYS}/${id}`, { key: tenant.key, body }));
    }
    expect(status).toBe(200);
    await sleep(end.getTime() - Date.now() + 1);
    expect(await statuses(key)).toEqual([401, 401]);
  });

  it('know with the next request that an organization is disabled, and enabled again (RV8)', async () => {
    const other = await createTenant(pair.b, 'Other');
    const disabledAt = (instant: string) =>
      pair.a.identity.dataSource.query(
        `UPDATE organizations SET disabled_at = ${instant} WHERE id = '${other.organization.id}'`,
      );
    for (let round = 0; round < ROUNDS; round += 1) {
      expect(await statuses(other.key)).toEqual([200, 200]);
      await disabledAt("'2020-01-01 00:00:00.000'");
      expect(await statuses(other.key)).toEqual([401, 401]);
      await disabledAt('NULL');
    }
  });
});
