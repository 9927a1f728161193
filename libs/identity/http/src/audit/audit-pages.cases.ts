import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AUDIT_EVENTS, auditPage, type ShownEvent } from '../../testing/audit.js';
import { atLeast, atMost, NO_INTEGER } from '../../testing/faults.js';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { created, keyWith, rotated, secretPart } from '../../testing/keys.js';
import { KEYS, send } from '../../testing/requests.js';

const TYPES =
  "'api_key.created', 'api_key.imported', 'api_key.updated', 'api_key.disabled', 'api_key.enabled', 'api_key.rotated', " +
  "'api_key.revoked', 'api_key.address_refused', 'console_link.created', 'console_session.opened', " +
  "'console_session.ended', 'escalation.denied', 'member.created', 'member.updated', " +
  "'member.disabled', 'member.enabled', 'member.removed', 'organization.created', 'organization.bootstrapped', " +
  "'organization.updated', 'organization.disabled', 'organization.enabled', 'organization.deleted' or 'policy.updated'";

describe('GET /v1/identity/audit-events', () => {
  let host: Host;
  let tenant: Tenant;
  let other: Tenant;
  let auditor: string;
  const tokens: string[] = [];

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
    other = await createTenant(host, 'Other');
    auditor = await keyWith(host, tenant.key, 'audit:read');
    for (let index = 0; index < 20; index += 1) {
      const made = await created(host, tenant.key, { name: `key ${index}` });
      const { plain_text_key } = await rotated(host, tenant.key, made.id);
      await created(host, other.key, { name: 'foreign' });
      if (index % 2 === 0) await send(host, 'DELETE', `${KEYS}/${made.id}`, { key: tenant.key });
      tokens.push(made.plain_text_key, plain_text_key);
    }
  });

  afterAll(() => host.app.close());

  const page = (query = '') => auditPage(host, auditor, query);
  const all = async () => (await page('?limit=200')).items;

  it('answers the newest first, 50 unless it is told otherwise', async () => {
    const { items, has_more, next_cursor } = await page();
    expect([items.length, has_more, typeof next_cursor]).toEqual([50, true, 'string']);
    const ids = (await all()).map(({ id }) => id);
    expect(ids).toEqual([...ids].sort().reverse());
    expect(items.map(({ id }) => id)).toEqual(ids.slice(0, 50));
    expect(ids).toHaveLength(52);
  });

  it('begins with the organization itself', async () => {
    const [last] = (await all()).slice(-1);
    expect(last).toMatchObject({ type: 'organization.created', actor_type: 'operator', actor_api_key_id: null });
    expect(last).toMatchObject({ request_id: null, source_address: null });
  });

  it.each([1, 7, 51, 52, 53])(
    'leads through all of it by pages of %i, each once, while more happens',
    async (limit) => {
      const expected = (await all()).map(({ id }) => id);
      const seen: ShownEvent[] = [];
      for (let query = `?limit=${limit}`; query !== '';) {
        const { items, has_more, next_cursor } = await page(query);
        seen.push(...items);
        expect([has_more, items.length]).toEqual([
          next_cursor !== null,
          Math.min(limit, expected.length - seen.length + items.length),
        ]);
        query = next_cursor === null ? '' : `?limit=${limit}&cursor=${next_cursor}`;
        if (limit === 7)
          await send(host, 'PATCH', '/v1/identity/policy', {
            key: tenant.key,
            body: { max_lifetime_days: seen.length },
          });
      }
      expect(seen.map(({ id }) => id)).toEqual(expected);
    },
  );

  it('filters by type, by key, and by both, across pages', async () => {
    const events = await all();
    const id = events.find(({ type }) => type === 'api_key.revoked')?.api_key_id ?? '';
    const idsOf = (wanted: (event: ShownEvent) => boolean) => events.filter(wanted).map(({ id }) => id);
    const first = await page('?type=api_key.revoked&limit=6');
    const second = await page(`?type=api_key.revoked&limit=6&cursor=${first.next_cursor ?? ''}`);
    const revoked = [...first.items, ...second.items].map(({ id }) => id);
    expect(revoked).toEqual(idsOf(({ type }) => type === 'api_key.revoked'));
    expect(second).toMatchObject({ has_more: false, next_cursor: null });
    const ofKey = await page(`?api_key_id=${id.toUpperCase()}`);
    expect(ofKey.items.map(({ type }) => type)).toEqual(['api_key.revoked', 'api_key.rotated', 'api_key.created']);
    const both = await page(`?api_key_id=${id}&type=api_key.rotated`);
    expect(both.items.map(({ type }) => type)).toEqual(['api_key.rotated']);
  });

  it("shows no other organization's events, whoever's key or cursor is named", async () => {
    const { next_cursor } = await page('?limit=1');
    for (const query of ['', '?limit=200', `?cursor=${next_cursor ?? ''}`]) {
      const { items } = await auditPage(host, other.key, query);
      const own = items.filter(({ changes, type }) => changes['name'] === 'foreign' || type === 'organization.created');
      expect(own).toEqual(items);
    }
    expect(await auditPage(host, other.key, `?api_key_id=${tenant.apiKey.id}`)).toEqual({
      items: [],
      has_more: false,
      next_cursor: null,
    });
  });

  it('holds no secret and no token', async () => {
    const text = JSON.stringify([await all(), host.identity.store.auditEvents]);
    for (const token of [...tokens, tenant.key, auditor]) expect(text).not.toContain(secretPart(token));
    expect(text).not.toMatch(/plain_text|hash|proof|secret/);
  });

  it.each([
    ['limit=0', ['limit', '0', atLeast(1)]],
    ['limit=201', ['limit', '201', atMost(200)]],
    ['limit=abc', ['limit', 'abc', NO_INTEGER]],
    [
      'type=api_key.deleted',
      ['type', 'api_key.deleted', { type: 'literal_error', msg: `Input should be ${TYPES}`, ctx: { expected: TYPES } }],
    ],
    ['type=', ['type', '', { type: 'literal_error', msg: `Input should be ${TYPES}`, ctx: { expected: TYPES } }]],
  ] as const)('answers 422 in the shape of FastAPI: %s', async (query, [name, input, fault]) => {
    const { status, body } = await send(host, 'GET', `${AUDIT_EVENTS}?${query}`, { key: auditor });
    expect([status, body]).toEqual([422, { detail: [{ ...fault, loc: ['query', name], input }] }]);
  });

  it('answers 422 to a key that is no UUID, and 400 to a cursor that is none', async () => {
    const ask = (query: string) => send(host, 'GET', `${AUDIT_EVENTS}?${query}`, { key: auditor });
    for (const [query, type] of [
      ['api_key_id=nonsense', 'uuid_parsing'],
      ['actor=nonsense', 'uuid_parsing'],
      ['since=yesterday', 'datetime_from_date_parsing'],
      ['until=yesterday', 'datetime_from_date_parsing'],
    ] as const) {
      const loc = ['query', query.split('=')[0]];
      expect(await ask(query)).toMatchObject({ status: 422, body: { detail: [{ type, loc }] } });
    }
    expect((await ask('cursor=')).body).toEqual((await ask('')).body);
    expect(await ask('cursor=nonsense')).toMatchObject({ status: 400, body: { error: 'bad_request' } });
  });
});

it('GET /v1/identity/audit-events filters by who did it, and by a span of time', async () => {
  const host = await startHost();
  const { key, owner } = await createTenant(host);
  const page = (query: string) => auditPage(host, key, `?limit=200&${query}`);
  const maker = await created(host, key, { name: 'maker', scopes: ['api_keys:manage'] });
  const { id } = await created(host, key, { name: 'changed', scopes: [] });
  await send(host, 'PATCH', `${KEYS}/${id}`, { key: maker.plain_text_key, body: { name: 'again' } });
  await send(host, 'PATCH', `${KEYS}/${id}`, { key, body: { name: 'and again' } });
  const { items: all } = await page('');
  const byMaker = await page(`actor=${maker.id.toUpperCase()}`);
  expect(byMaker).toEqual({ items: [all[1]], has_more: false, next_cursor: null });
  expect((await page(`actor=${owner.id}`)).items).toEqual(all.slice(0, -1));
  expect((await page('actor=0198ffff-0000-7000-8000-000000000001')).items).toEqual([]);
  const now = '2026-01-02T03:04:05.678Z';
  expect((await page(`until=${now}`)).items).toEqual([]);
  expect((await page(`since=${now}`)).items).toEqual(all);
  expect((await page('since=2026-01-02T03:04:05.679Z')).items).toEqual([]);
  const span = 'since=2026-01-02T04:04:05.678%2B01:00&until=2027-01-01';
  expect((await page(`${span}&actor=${maker.id}&api_key_id=${id}&type=api_key.updated`)).items).toEqual([all[1]]);
  await host.app.close();
});
