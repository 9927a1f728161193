import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost } from '../../testing/host.js';
import { create } from '../../testing/keys.js';
import { KEYS, send } from '../../testing/requests.js';

const MISSING = { type: 'missing', msg: 'Field required' };
const NO_TEXT = { type: 'string_type', msg: 'Input should be a valid string' };
const NO_LIST = { type: 'list_type', msg: 'Input should be a valid list' };
const NO_OBJECT = {
  type: 'model_attributes_type',
  msg: 'Input should be a valid dictionary or object to extract fields from',
};
const TOO_SHORT = { type: 'string_too_short', msg: 'String should have at least 1 character', ctx: { min_length: 1 } };
const TOO_LONG = {
  type: 'string_too_long',
  msg: 'String should have at most 255 characters',
  ctx: { max_length: 255 },
};
const noDate = (error: string) => ({
  type: 'datetime_from_date_parsing',
  msg: `Input should be a valid datetime or date, ${error}`,
  ctx: { error },
});
const noJson = (position: number, error: string) => ({
  type: 'json_invalid',
  loc: ['body', position],
  msg: 'JSON decode error',
  input: {},
  ctx: { error },
});
const named = (more: object) => ({ name: 'CI', ...more });
const inName = { loc: ['body', 'name'] };
const inScopes = { loc: ['body', 'scopes'] };
const inExpiry = { loc: ['body', 'expires_at'] };

/** What is sent and the whole `detail` of the answer, as FastAPI gives it. */
const CASES: [string, unknown, object[]][] = [
  ['null', null, [{ ...MISSING, loc: ['body'], input: null }]],
  ['an empty object', {}, [{ ...MISSING, ...inName, input: {} }]],
  ['other fields only', { Name: 'CI' }, [{ ...MISSING, ...inName, input: { Name: 'CI' } }]],
  ['a list', [], [{ ...NO_OBJECT, loc: ['body'], input: [] }]],
  ['a text', '"CI"', [{ ...NO_OBJECT, loc: ['body'], input: 'CI' }]],
  ['name: null', { name: null }, [{ ...NO_TEXT, ...inName, input: null }]],
  ['name: 5', { name: 5 }, [{ ...NO_TEXT, ...inName, input: 5 }]],
  ['an empty name', { name: '' }, [{ ...TOO_SHORT, ...inName, input: '' }]],
  ['256 letters', { name: 'a'.repeat(256) }, [{ ...TOO_LONG, ...inName, input: 'a'.repeat(256) }]],
  ['256 emoji', { name: '🔑'.repeat(256) }, [{ ...TOO_LONG, ...inName, input: '🔑'.repeat(256) }]],
  ['scopes: null', named({ scopes: null }), [{ ...NO_LIST, ...inScopes, input: null }]],
  ['scopes: text', named({ scopes: 'a' }), [{ ...NO_LIST, ...inScopes, input: 'a' }]],
  ['a number in scopes', named({ scopes: ['a', 1] }), [{ ...NO_TEXT, loc: ['body', 'scopes', 1], input: 1 }]],
  [
    'expires_at: true',
    named({ expires_at: true }),
    [{ type: 'datetime_type', msg: 'Input should be a valid datetime', ...inExpiry, input: true }],
  ],
  ['no date', named({ expires_at: 'soon' }), [{ ...noDate('input is too short'), ...inExpiry, input: 'soon' }]],
  [
    'month 13',
    named({ expires_at: '2030-13-01T00:00:00Z' }),
    [{ ...noDate('month value is outside expected range of 1-12'), ...inExpiry, input: '2030-13-01T00:00:00Z' }],
  ],
  ['JSON that ends early', '{"name": "CI"', [noJson(13, "Expecting ',' delimiter")]],
  ['JSON with a trailing comma', '{"name": "CI",}', [noJson(14, 'Expecting property name enclosed in double quotes')]],
  ['no JSON', 'name=CI', [noJson(0, 'Expecting value')]],
  [
    'every fault, in the order of declaration',
    { expires_at: 'x', scopes: 1, name: 1 },
    [
      { ...NO_TEXT, ...inName, input: 1 },
      { ...NO_LIST, ...inScopes, input: 1 },
      { ...noDate('input is too short'), ...inExpiry, input: 'x' },
    ],
  ],
];

describe('POST /v1/identity/api-keys answers 422 in the shape of FastAPI', () => {
  let host: Host;
  let key: string;

  beforeAll(async () => {
    host = await startHost();
    ({ key } = await createTenant(host));
  });

  afterAll(() => {
    expect(host.identity.store.apiKeys.size).toBe(1);
    return host.app.close();
  });

  it.each(CASES)('to %s', async (_what, sent, detail) => {
    const { status, body } = await create(host, key, sent);
    expect([status, body]).toEqual([422, { detail }]);
  });

  it('to no body at all', async () => {
    const { status, body } = await send(host, 'POST', KEYS, { key });
    expect([status, body]).toEqual([422, { detail: [{ ...MISSING, loc: ['body'], input: null }] }]);
  });

  it.each(['text/plain', ''])('to JSON that is not called JSON, with a header that says so: %j', async (type) => {
    const sent = { key, body: '{"name":"CI"}', headers: { 'content-type': type } };
    const { status, body, headers } = await send(host, 'POST', KEYS, sent);
    expect([status, body]).toEqual([422, { detail: [{ ...NO_OBJECT, loc: ['body'], input: '{"name":"CI"}' }] }]);
    expect(headers.get('accept')).toBe('application/json');
  });

  it('to JSON of the wrong kind without that header', async () => {
    const { status, headers } = await send(host, 'POST', KEYS, { key, body: [] });
    expect([status, headers.get('accept')]).toEqual([422, null]);
  });

  it.each([
    [
      'gzip',
      gzipSync('{"name":"CI"}'),
      'The body has a Content-Encoding, and bodies are not decoded here. Send it without.',
    ],
    ['identity', Buffer.from([0xff]), 'There was an error parsing the body'],
  ])('with 400 to bytes that are no text, by their cause: Content-Encoding: %s', async (encoding, bytes, message) => {
    const { port } = host;
    const type = { 'content-type': 'application/json', 'content-encoding': encoding };
    const answer = await fetch(`http://127.0.0.1:${port}${KEYS}`, {
      method: 'POST',
      headers: { 'x-api-key': key, ...type },
      body: bytes,
    });
    expect([answer.status, await answer.json()]).toEqual([400, { error: 'bad_request', message }]);
    expect(answer.headers.get('accept-encoding')).toBe(encoding === 'gzip' ? 'identity' : null);
  });

  it('to plain JSON that is merely called gzip, as to any other', async () => {
    const sent = { key, body: { name: 5 }, headers: { 'content-encoding': 'gzip' } };
    const { status, body } = await send(host, 'POST', KEYS, sent);
    expect([status, body]).toEqual([422, { detail: [{ ...NO_TEXT, ...inName, input: 5 }] }]);
  });
});
