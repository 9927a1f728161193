import { type CountedHour, OPERATOR, type UsageTotals } from '@feather-identity/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { created, type CreatedKey, keyWith } from '../../testing/keys.js';
import { KEYS, send } from '../../testing/requests.js';
import { IdentityModule } from '../index.js';

const USAGE = '/v1/identity/usage';
const NOTHING: UsageTotals = { accepted: 0, refusedState: 0, refusedScope: 0, refusedLimit: 0, refusedAddress: 0 };
const ZERO = { accepted: 0, refused_state: 0, refused_scope: 0, refused_limit: 0, refused_address: 0 };

describe('GET /v1/identity/usage', () => {
  let host: Host;
  let tenant: Tenant;
  let other: Tenant;
  let reader: string;
  let busy: CreatedKey;
  let quiet: CreatedKey;

  /** The clock of the host stands at 2026-01-02T03:04:05.678Z. */
  beforeAll(async () => {
    host = await startHost({ importIdentity: (given) => IdentityModule.forRoot({ ...given, operatorApi: true }) });
    tenant = await createTenant(host);
    other = await createTenant(host, 'Other');
    reader = await keyWith(host, tenant.key, 'usage:read');
    busy = await created(host, tenant.key, { name: 'busy', scopes: ['a:read'] });
    quiet = await created(host, tenant.key, { name: 'quiet', scopes: ['a:read'] });
    const hour = (key: { id: string }, startsAt: string, counts: Partial<UsageTotals>, of = tenant): CountedHour => ({
      ...NOTHING,
      ...counts,
      apiKeyId: key.id,
      organizationId: of.organization.id,
      startsAt: new Date(startsAt),
    });
    await host.identity.usageCounts.add([
      hour(busy, '2025-12-31T22:00:00Z', { accepted: 5, refusedState: 1 }),
      hour(busy, '2025-12-31T23:00:00Z', { accepted: 2, refusedScope: 2, refusedLimit: 3 }),
      hour(busy, '2026-01-02T03:00:00Z', { accepted: 1, refusedAddress: 4 }),
      hour(quiet, '2026-01-02T03:00:00Z', { accepted: 1 }),
      hour(quiet, '2025-10-01T00:00:00Z', { accepted: 9 }),
      hour(other.apiKey, '2026-01-02T03:00:00Z', { accepted: 1000 }, other),
    ]);
  });

  afterAll(() => host.app.close());

  const ask = async (query = '', key = reader) => {
    const { status, body, text } = await send(host, 'GET', USAGE + query, { key });
    expect([status, text]).toEqual([200, text]);
    return body as Record<string, unknown>;
  };

  it('answers the last 30 days by the day, and the busiest keys first', async () => {
    const sums = { ...ZERO, accepted: 9, refused_state: 1, refused_scope: 2, refused_limit: 3, refused_address: 4 };
    expect(await ask()).toEqual({
      from: '2025-12-03T00:00:00Z',
      to: '2026-01-02T03:04:05.678000Z',
      granularity: 'day',
      totals: sums,
      buckets: [
        {
          starts_at: '2025-12-31T00:00:00Z',
          ...ZERO,
          accepted: 7,
          refused_state: 1,
          refused_scope: 2,
          refused_limit: 3,
        },
        { starts_at: '2026-01-02T00:00:00Z', ...ZERO, accepted: 2, refused_address: 4 },
      ],
      keys: [
        { api_key_id: busy.id, ...sums, accepted: 8 },
        { api_key_id: quiet.id, ...ZERO, accepted: 1 },
      ],
    });
  });

  it('answers by the hour and by the month, for a time and for keys', async () => {
    const hours = await ask('?granularity=hour&from=2025-12-31T22:30:00Z&to=2026-01-01T00:00:00%2B00:00');
    expect(hours).toMatchObject({ from: '2025-12-31T22:00:00Z', to: '2026-01-01T00:00:00Z', granularity: 'hour' });
    expect(hours['buckets']).toMatchObject([
      { starts_at: '2025-12-31T22:00:00Z', accepted: 5 },
      { starts_at: '2025-12-31T23:00:00Z', accepted: 2 },
    ]);
    const months = await ask(`?granularity=month&from=2025-01-01&api_key_id=${quiet.id}`);
    expect(months).toMatchObject({ totals: { accepted: 10 }, keys: [{ api_key_id: quiet.id, accepted: 10 }] });
    expect(months['buckets']).toMatchObject([
      { starts_at: '2025-10-01T00:00:00Z', accepted: 9 },
      { starts_at: '2026-01-01T00:00:00Z', accepted: 1 },
    ]);
    const both = await ask(`?api_key_id=${quiet.id}&api_key_id=${busy.id.toUpperCase()}`);
    expect(both).toMatchObject({ totals: { accepted: 9 }, keys: [{ api_key_id: busy.id }, { api_key_id: quiet.id }] });
  });

  it.each(['', '&granularity=hour', '&from=2025-06-01&to=2025-07-01'])(
    'answers the buckets of each key where they are wanted, and is the same otherwise: by_key=true%s',
    async (more) => {
      const plain = await ask(`?${more.slice(1)}`);
      const byKey = await ask(`?by_key=true${more}`);
      const keys = byKey['keys'] as { api_key_id: string; buckets: { accepted: number }[] }[];
      expect({ ...byKey, keys: keys.map(({ buckets: _buckets, ...key }) => key) }).toEqual(plain);
      for (const { api_key_id, buckets } of keys) {
        expect((await ask(`?api_key_id=${api_key_id}${more}`))['buckets']).toEqual(buckets);
      }
    },
  );

  it("answers nothing of other organizations, whoever's key is named", async () => {
    for (const query of [`?api_key_id=${other.apiKey.id}`, `?api_key_id=${other.apiKey.id}&by_key=true`]) {
      expect(await ask(query)).toMatchObject({ totals: ZERO, buckets: [], keys: [] });
    }
    expect(JSON.stringify(await ask('?by_key=true'))).not.toContain(other.apiKey.id);
  });

  it.each([
    ['from=2026-01-03', 'less_than', 'less than 2026-01-02T03:04:05.678000Z', { lt: '2026-01-02T03:04:05.678000Z' }],
    ['from=2026-01-01&to=2026-01-01', 'less_than', 'less than 2026-01-01T00:00:00Z', { lt: '2026-01-01T00:00:00Z' }],
    [
      'from=2025-11-30T23:59:59Z&to=2026-01-01&granularity=hour',
      'greater_than_equal',
      'greater than or equal to 2025-12-01T00:00:00Z',
      { ge: '2025-12-01T00:00:00Z' },
    ],
    [
      'from=2024-11-26&to=2026-01-01',
      'greater_than_equal',
      'greater than or equal to 2024-11-27T00:00:00Z',
      { ge: '2024-11-27T00:00:00Z' },
    ],
    [
      'from=2022-12-31&to=2026-01-01&granularity=month',
      'greater_than_equal',
      'greater than or equal to 2023-01-01T00:00:00Z',
      { ge: '2023-01-01T00:00:00Z' },
    ],
  ])('answers 422 in the shape of FastAPI to a time that is empty or too long: %s', async (query, type, says, ctx) => {
    const { status, body } = await send(host, 'GET', `${USAGE}?${query}`, { key: reader });
    expect([status, body]).toEqual([
      422,
      {
        detail: [
          { type, loc: ['query', 'from'], msg: `Input should be ${says}`, input: expect.stringMatching(/Z$/), ctx },
        ],
      },
    ]);
  });

  it.each([
    'from=2025-12-01&to=2026-01-01&granularity=hour',
    'from=2024-11-27&to=2026-01-01',
    'from=2023-01-01&to=2026-01-01&granularity=month',
    'to=2026-02-01',
  ])('answers the longest time that there may be: %s', async (query) => {
    expect((await send(host, 'GET', `${USAGE}?${query}`, { key: reader })).status).toBe(200);
  });

  it('answers 422 to a wrong granularity, instant or id, and to more than 100 keys', async () => {
    const ids = (count: number) => Array.from({ length: count }, () => `api_key_id=${busy.id}`).join('&');
    for (const [query, type] of [
      ['granularity=week', 'literal_error'],
      ['from=yesterday', 'datetime_from_date_parsing'],
      ['to=x', 'datetime_from_date_parsing'],
      ['api_key_id=x', 'uuid_parsing'],
      ['by_key=perhaps', 'bool_parsing'],
      [ids(101), 'too_long'],
      ['key=x', 'extra_forbidden'],
    ] as const) {
      const { status, body } = await send(host, 'GET', `${USAGE}?${query}`, { key: reader });
      expect([query, status, body]).toMatchObject([query, 422, { detail: [{ type }] }]);
    }
    expect(await ask(`?${ids(100)}`)).toMatchObject({ keys: [{ api_key_id: busy.id }] });
  });

  it('needs usage:read', async () => {
    const narrow = await keyWith(host, tenant.key, 'api_keys:read');
    expect(await send(host, 'GET', USAGE, { key: narrow })).toMatchObject({ status: 403 });
    expect(await send(host, 'GET', USAGE)).toMatchObject({ status: 401 });
  });

  describe('beside it', () => {
    it('lists and details of keys have the last 30 days, and from where a key was last used', async () => {
      const userAgent = 'shop/1 <b>';
      await host.identity.apiKeys.recordLastUsed(
        new Map([[busy.id, new Date('2026-01-02T03:00:00Z')]]),
        new Map([[busy.id, { address: '203.0.113.7', userAgent }]]),
      );
      const shown = {
        usage_30d: { accepted: 8, refused: 10 },
        last_used_from: { address: '203.0.113.7', user_agent: userAgent },
      };
      const unused = { usage_30d: { accepted: 0, refused: 0 }, last_used_from: null };
      for (const query of ['', '?include_revoked=true', '?q=busy', `?key_prefix=${busy.key_prefix}`]) {
        const { body } = await send(host, 'GET', KEYS + query, { key: tenant.key });
        expect((body as { id: string }[]).find(({ id }) => id === busy.id)).toMatchObject(shown);
      }
      const path = `${KEYS}/${busy.id}`;
      expect((await send(host, 'GET', path, { key: tenant.key })).body).toMatchObject(shown);
      expect((await send(host, 'PATCH', path, { key: tenant.key, body: { name: 'busier' } })).body).toMatchObject(
        shown,
      );
      expect((await send(host, 'POST', `${path}/rotate`, { key: tenant.key })).body).toMatchObject(shown);
      expect(await created(host, tenant.key, { name: 'new' })).toMatchObject(unused);
    });

    it('an answer about a key that was shown has neither', async () => {
      const { body } = await send(host, 'POST', `${KEYS}/verify`, { key: tenant.key, body: { key: reader } });
      expect(Object.keys((body as { api_key: object }).api_key)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(?:usage_30d|last_used_from)$/)]),
      );
    });
  });

  it('GET /v1/operator/usage has the totals of the busiest organizations', async () => {
    const { manageOperatorKeys } = host.identity;
    const { token } = await manageOperatorKeys.create({ name: 'o', scopes: ['usage:read'] }, OPERATOR);
    const path = '/v1/operator/usage';
    const operator = token.reveal();
    const { body, status } = await send(host, 'GET', path, { key: operator });
    expect(status).toBe(200);
    expect(body).toEqual({
      from: '2025-12-03T00:00:00Z',
      to: '2026-01-02T03:04:05.678000Z',
      data: [
        { organization_id: other.organization.id, name: 'Other', ...ZERO, accepted: 1000 },
        {
          organization_id: tenant.organization.id,
          name: tenant.organization.name,
          ...{ accepted: 9, refused_state: 1, refused_scope: 2, refused_limit: 3, refused_address: 4 },
        },
      ],
    });
    expect(await send(host, 'GET', `${path}?from=2024-01-01`, { key: operator })).toMatchObject({ status: 422 });
    expect(await send(host, 'GET', path, { key: reader })).toMatchObject({ status: 401 });
  });
});
