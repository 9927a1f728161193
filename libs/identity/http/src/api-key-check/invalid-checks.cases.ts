import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { secretPart } from '../../testing/keys.js';
import { KEYS, send, type Sent } from '../../testing/requests.js';

const MISSING = { type: 'missing', msg: 'Field required' };
const EXTRA = { type: 'extra_forbidden', msg: 'Extra inputs are not permitted' };
const NO_TEXT = { type: 'string_type', msg: 'Input should be a valid string' };
const NO_LIST = { type: 'list_type', msg: 'Input should be a valid list' };
const NO_OBJECT = {
  type: 'model_attributes_type',
  msg: 'Input should be a valid dictionary or object to extract fields from',
};
const inBody = { loc: ['body'] };
const inKey = { loc: ['body', 'key'] };

/** What is sent of a token, and the whole `detail` of the answer: FastAPI's without `input`. */
const CASES: [string, (token: string) => unknown, object[]][] = [
  ['no key', () => ({}), [{ ...MISSING, ...inKey }]],
  ['null', () => 'null', [{ ...MISSING, ...inBody }]],
  ['a number', () => ({ key: 5 }), [{ ...NO_TEXT, ...inKey }]],
  ['a key that is null', () => ({ key: null }), [{ ...NO_TEXT, ...inKey }]],
  [
    'a token under another name',
    (token) => ({ Key: token, api_key: token }),
    [
      { ...MISSING, ...inKey },
      { ...EXTRA, loc: ['body', 'Key'] },
      { ...EXTRA, loc: ['body', 'api_key'] },
    ],
  ],
  ['a token in a list', (token) => ({ key: [token] }), [{ ...NO_TEXT, ...inKey }]],
  ['a token in an object', (token) => ({ key: { key: token } }), [{ ...NO_TEXT, ...inKey }]],
  ['a list with a token', (token) => [token], [{ ...NO_OBJECT, ...inBody }]],
  ['a token as JSON text', (token) => JSON.stringify(token), [{ ...NO_OBJECT, ...inBody }]],
  ['a token for scopes', (token) => ({ key: 'a', scopes: token }), [{ ...NO_LIST, loc: ['body', 'scopes'] }]],
  [
    'a token in a list of scopes',
    (token) => ({ key: token, scopes: ['a:read', { [token]: token }] }),
    [{ ...NO_TEXT, loc: ['body', 'scopes', 1] }],
  ],
  ['scopes that are null', (token) => ({ key: token, scopes: null }), [{ ...NO_LIST, loc: ['body', 'scopes'] }]],
  [
    'JSON that ends early',
    (token) => `{"key":"${token}"`,
    [{ type: 'json_invalid', loc: ['body', 64], msg: 'JSON decode error', ctx: { error: "Expecting ',' delimiter" } }],
  ],
  [
    'no JSON',
    (token) => `key=${token}`,
    [{ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', ctx: { error: 'Expecting value' } }],
  ],
];

describe('POST /v1/identity/api-keys/verify answers 422, and repeats nothing that may be a token, to', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => {
    expect(host.logger.lines.join()).not.toContain(secretPart(tenant.key));
    return host.app.close();
  });

  const check = (sent: Sent) => send(host, 'POST', `${KEYS}/verify`, { key: tenant.key, ...sent });

  it.each(CASES)('%s', async (_what, bodyWith, detail) => {
    const { status, body, text } = await check({ body: bodyWith(tenant.key) });
    expect([status, body]).toEqual([422, { detail }]);
    expect(text).not.toContain(secretPart(tenant.key));
  });

  it('no body at all', async () => {
    expect(await check({})).toMatchObject({ status: 422, body: { detail: [{ ...MISSING, ...inBody }] } });
  });

  it('JSON that is not called JSON', async () => {
    const sent = { body: JSON.stringify({ key: tenant.key }), headers: { 'content-type': 'text/plain' } };
    const { body, headers } = await check(sent);
    const ctx = { error: 'the Content-Type is not application/json' };
    expect(body).toEqual({ detail: [{ ...NO_OBJECT, ...inBody, ctx }] });
    expect(headers.get('accept')).toBe('application/json');
  });
});

describe('POST /v1/identity/api-keys/verify answers 400', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  it.each(['*', 'orders:*', '*:read', 'orders', '', 'a:b:c', 'a: b', `a:${'b'.repeat(254)}`])(
    'to a scope that nobody can demand, whatever the key is: %j',
    async (scope) => {
      for (const key of [tenant.key, 'junk']) {
        const sent = { key: tenant.key, body: { key, scopes: ['orders:read', scope] } };
        const { status, body } = await send(host, 'POST', `${KEYS}/verify`, sent);
        expect([status, body]).toMatchObject([400, { error: 'bad_request' }]);
        expect((body as { message: string }).message).toMatch(/^scopes\[1\] .+ spelled resource:action/);
      }
    },
  );
});
