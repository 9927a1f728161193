import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { created } from '../../testing/keys.js';
import { nextPage } from '../../testing/link-header.js';
import { KEYS, send } from '../../testing/requests.js';

const expected = (names: readonly string[]) => {
  const quoted = names.map((name) => `'${name}'`);
  return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`;
};
const oneOf = (names: readonly string[]) => ({
  type: 'literal_error',
  msg: `Input should be ${expected(names)}`,
  ctx: { expected: expected(names) },
});
const PATTERN = '^[a-z0-9](?:[a-z0-9._:/-]*[a-z0-9])?$';

describe('a search by GET /v1/identity/api-keys', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
    const start = host.identity.clock.now();
    const make = async (name: string, fields: object = {}) => {
      host.identity.clock.advance(1000);
      return created(host, tenant.key, { name, scopes: ['a:b'], ...fields });
    };
    await make('Web shop', { labels: ['shop', 'eu'], expires_at: '2027-01-01T00:00:00Z' });
    const used = await make('web admin', { labels: ['eu'], expires_at: '2026-06-01T00:00:00Z' });
    const disabled = await make('Deploy', { labels: ['ci'] });
    const revoked = await make('webhooks', { labels: ['eu'] });
    await make('short', { expires_at: new Date(start.getTime() + 6000).toISOString() });
    await send(host, 'PATCH', `${KEYS}/${disabled.id}`, { key: tenant.key, body: { is_active: false } });
    await send(host, 'DELETE', `${KEYS}/${revoked.id}`, { key: tenant.key });
    host.identity.clock.advance(60_000);
    await host.apiKeys.recordLastUsed(new Map([[used.id, host.identity.clock.now()]]));
  });

  afterAll(() => host.app.close());

  const list = (query: string) => send(host, 'GET', `${KEYS}?${query}`, { key: tenant.key });
  const names = async (query: string) => ((await list(query)).body as { name: string }[]).map(({ name }) => name);

  it.each<[string, string[]]>([
    ['q=WEB', ['web admin', 'Web shop']],
    ['q=web&include_revoked=true', ['webhooks', 'web admin', 'Web shop']],
    ['q=', ['short', 'Deploy', 'web admin', 'Web shop', 'Owner key']],
    ['q=%00', []],
    ['q=shop', []],
    ['label=eu', ['web admin', 'Web shop']],
    ['label=unknown', []],
    ['status=active', ['web admin', 'Web shop', 'Owner key']],
    ['status=disabled', ['Deploy']],
    ['status=expired', ['short']],
    ['status=revoked', ['webhooks']],
    ['status=revoked&include_revoked=false&label=eu', ['webhooks']],
    ['unused_since=2026-01-02T03:04:07Z', ['Web shop', 'Owner key']],
    ['sort=name', ['Deploy', 'Owner key', 'short', 'web admin', 'Web shop']],
    ['sort=last_used_at', ['web admin', 'short', 'Deploy', 'Web shop', 'Owner key']],
    ['sort=expires_at', ['short', 'web admin', 'Web shop', 'Owner key', 'Deploy']],
    ['sort=name&q=web&label=eu&status=active', ['web admin', 'Web shop']],
  ])('finds by %s', async (query, found) => {
    expect(await names(query)).toEqual(found);
    const walked: string[] = [];
    for (let next: string | null = `${KEYS}?limit=1&${query}`; next !== null;) {
      const { body, headers } = await send(host, 'GET', next, { key: tenant.key });
      walked.push(...(body as { name: string }[]).map(({ name }) => name));
      next = nextPage(headers, next);
    }
    expect(walked).toEqual(found);
  });

  it('ignores no parameter that it knows', async () => {
    const known = 'q=a&label=a&status=active&unused_since=2026-01-01&sort=name&limit=5&include_revoked=true';
    expect((await list(known)).headers.get('x-ignored-fields')).toBeNull();
    expect((await list(`${known}&labels=a`)).headers.get('x-ignored-fields')).toBe('labels');
  });

  it('shows when keys were revoked, if it is for revoked ones', async () => {
    expect((await list('status=revoked')).body).toMatchObject([{ revoked_at: expect.stringContaining('2026') }]);
    expect((await list('status=active&limit=1')).text).not.toContain('revoked_at');
  });

  it('looks for a key_prefix among the keys that pass the other filters', async () => {
    const [{ key_prefix: prefix }] = (await list('q=webhooks&status=revoked')).body as [{ key_prefix: string }];
    expect(await names(`key_prefix=${prefix}&label=eu&q=web&sort=name`)).toEqual(['webhooks']);
    for (const other of ['label=ci', 'status=active', 'q=x', 'include_revoked=false', 'unused_since=2026-01-01']) {
      expect(await names(`key_prefix=${prefix}&${other}`)).toEqual([]);
    }
  });

  it.each<[string, string, object]>([
    ['status', 'gone', oneOf(['active', 'disabled', 'expired', 'revoked'])],
    ['sort', '-name', oneOf(['created_at', 'name', 'last_used_at', 'expires_at'])],
    [
      'label',
      'A',
      { type: 'string_pattern_mismatch', msg: `String should match pattern '${PATTERN}'`, ctx: { pattern: PATTERN } },
    ],
    [
      'label',
      'a'.repeat(64),
      { type: 'string_too_long', msg: 'String should have at most 63 characters', ctx: { max_length: 63 } },
    ],
    [
      'q',
      'a'.repeat(256),
      { type: 'string_too_long', msg: 'String should have at most 255 characters', ctx: { max_length: 255 } },
    ],
    [
      'unused_since',
      'soon',
      {
        type: 'datetime_from_date_parsing',
        msg: 'Input should be a valid datetime or date, input is too short',
        ctx: { error: 'input is too short' },
      },
    ],
  ])('answers 422 as FastAPI does: %s=%s', async (name, input, issue) => {
    const { status, body } = await list(`${name}=${input}`);
    expect([status, body]).toEqual([422, { detail: [{ ...issue, loc: ['query', name], input }] }]);
  });

  it('refuses the cursor of another order, and one that it has not returned', async () => {
    const cursorOf = async (sort: string) => {
      const { headers } = await list(`limit=1&sort=${sort}`);
      return new URL(nextPage(headers, KEYS) ?? '', 'http://api.test').searchParams.get('cursor') ?? '';
    };
    const sorts = ['created_at', 'name', 'last_used_at', 'expires_at'];
    const id = tenant.apiKey.id;
    const made = [
      'a',
      `name.${id}.a\0`,
      `expires_at.${id}.x`,
      `expires_at.${id}.-1`,
      `last_used_at.${id}.999999999999999`,
    ];
    for (const sort of sorts) {
      const others = await Promise.all(sorts.filter((other) => other !== sort).map(cursorOf));
      for (const cursor of [...others, ...made.map((text) => Buffer.from(text).toString('base64url'))]) {
        const { status, body } = await list(`sort=${sort}&cursor=${cursor}`);
        expect([status, body]).toMatchObject([400, { message: 'cursor must be one that this list has returned.' }]);
      }
    }
  });

  it('is sent in parts, of as many keys as any list', async () => {
    const many = await createTenant(host, 'Many');
    for (let index = 0; index < 120; index += 1) await created(host, many.key, { name: `n${index}`, labels: ['a'] });
    const { body, headers } = await send(host, 'GET', `${KEYS}?label=a&sort=name&limit=110`, { key: many.key });
    expect(headers.get('content-length')).toBeNull();
    const listed = (body as { name: string }[]).map(({ name }) => name);
    expect(listed).toHaveLength(110);
    expect(listed).toEqual([...listed].sort());
  });
});
