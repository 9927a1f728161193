import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { NO_BOOLEAN } from '../../testing/faults.js';
import { KEYS, send, sendRaw } from '../../testing/requests.js';

const MISSING = { type: 'missing', loc: ['body'], msg: 'Field required', input: null };
const NO_TEXT = { type: 'string_type', msg: 'Input should be a valid string' };
const NO_LIST = { type: 'list_type', msg: 'Input should be a valid list' };
const NO_FLAG = { type: 'bool_type', msg: 'Input should be a valid boolean' };
const NO_OBJECT = {
  type: 'model_attributes_type',
  msg: 'Input should be a valid dictionary or object to extract fields from',
};
const inName = { loc: ['body', 'name'] };
const inScopes = { loc: ['body', 'scopes'] };
const inActive = { loc: ['body', 'is_active'] };

/** What is sent and the whole `detail` of the answer, as FastAPI would give it. */
const CASES: [string, unknown, object[]][] = [
  ['no body', undefined, [MISSING]],
  ['null', 'null', [MISSING]],
  ['a list', [], [{ ...NO_OBJECT, loc: ['body'], input: [] }]],
  ['name: null', { name: null }, [{ ...NO_TEXT, ...inName, input: null }]],
  ['name: 5', { name: 5 }, [{ ...NO_TEXT, ...inName, input: 5 }]],
  [
    'an empty name',
    { name: '' },
    [
      {
        type: 'string_too_short',
        msg: 'String should have at least 1 character',
        ...inName,
        input: '',
        ctx: { min_length: 1 },
      },
    ],
  ],
  [
    '256 letters',
    { name: 'a'.repeat(256) },
    [
      {
        type: 'string_too_long',
        msg: 'String should have at most 255 characters',
        ...inName,
        input: 'a'.repeat(256),
        ctx: { max_length: 255 },
      },
    ],
  ],
  ['scopes: null', { scopes: null }, [{ ...NO_LIST, ...inScopes, input: null }]],
  ['scopes: text', { scopes: 'a:read' }, [{ ...NO_LIST, ...inScopes, input: 'a:read' }]],
  ['null in scopes', { scopes: ['a:read', null] }, [{ ...NO_TEXT, loc: ['body', 'scopes', 1], input: null }]],
  [
    'expires_at: true',
    { expires_at: true },
    [{ type: 'datetime_type', msg: 'Input should be a valid datetime', loc: ['body', 'expires_at'], input: true }],
  ],
  ['is_active: null', { is_active: null }, [{ ...NO_FLAG, ...inActive, input: null }]],
  ['is_active: 2', { is_active: 2 }, [{ ...NO_BOOLEAN, ...inActive, input: 2 }]],
  ['is_active: perhaps', { is_active: 'perhaps' }, [{ ...NO_BOOLEAN, ...inActive, input: 'perhaps' }]],
  [
    'every fault, in the order of declaration',
    { is_active: [], scopes: 1, name: 1 },
    [
      { ...NO_TEXT, ...inName, input: 1 },
      { ...NO_LIST, ...inScopes, input: 1 },
      { ...NO_FLAG, ...inActive, input: [] },
    ],
  ],
];

describe('PATCH /v1/identity/api-keys/{key_id} answers 422 in the shape of FastAPI', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => {
    expect(host.identity.store.apiKeys.get(tenant.apiKey.id)).toEqual(tenant.apiKey);
    return host.app.close();
  });

  const update = (id: string, body: unknown) => send(host, 'PATCH', `${KEYS}/${id}`, { key: tenant.key, body });

  it.each(CASES)('to %s', async (_what, sent, detail) => {
    const { status, body } = await update(tenant.apiKey.id, sent);
    expect([status, body]).toEqual([422, { detail }]);
  });

  it('to JSON that ends early, as FastAPI does before it looks at the path', async () => {
    const error = 'Expecting property name enclosed in double quotes';
    const detail = { type: 'json_invalid', loc: ['body', 1], msg: 'JSON decode error', input: {}, ctx: { error } };
    const { status, body } = await update('nonsense', '{');
    expect([status, body]).toEqual([422, { detail: [detail] }]);
  });

  const noId = { type: 'uuid_parsing', loc: ['path', 'key_id'], input: 'nonsense' };

  it.each([
    ['a path that holds no UUID', { name: 'CI' }, [noId]],
    [
      'one with wrong fields in the body',
      { name: 5, is_active: [], more: 1 },
      [
        noId,
        { type: 'string_type', loc: ['body', 'name'] },
        { type: 'bool_type', loc: ['body', 'is_active'] },
        { type: 'extra_forbidden', loc: ['body', 'more'] },
      ],
    ],
    ['one without a body', undefined, [noId, MISSING]],
  ])('to %s', async (_what, sent, detail) => {
    const { status, body } = await update('nonsense', sent);
    expect([status, body]).toMatchObject([422, { detail }]);
    expect((body as { detail: object[] }).detail).toHaveLength(detail.length);
  });

  it('to a body that is not called JSON, by that cause beside the path', async () => {
    const sent = { key: tenant.key, body: '{"name":"CI"}', headers: { 'content-type': 'text/plain' } };
    const { status, body, headers } = await send(host, 'PATCH', `${KEYS}/nonsense`, sent);
    const ctx = { error: 'the Content-Type is not application/json' };
    expect([status, body]).toMatchObject([422, { detail: [noId, { ...NO_OBJECT, ctx, input: '{"name":"CI"}' }] }]);
    expect(headers.get('accept')).toBe('application/json');
  });

  it('to no JSON text with 400, whatever the path', async () => {
    const path = `${KEYS}/nonsense`;
    const head = ['PATCH', path, 'HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json'];
    const bytes = `${head.join(' ')}\r\nContent-Length: 1\r\nx-api-key: ${tenant.key}\r\n\r\n\xff`;
    expect(await sendRaw(host, Buffer.from(bytes, 'latin1'))).toMatch(/^HTTP\/1\.1 400 /);
  });
});
