import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { oneAnswer, written } from '../support/raw-exchange.js';
import { expectRefusal } from '../support/refusal.js';
import type { CreatedKey, Service } from '../support/service.js';
import { expectError } from './expect-safe.js';

const KEYS = '/v1/identity/api-keys';
const DEEP = '['.repeat(100_000);
const QUICKLY_MS = 2000;

interface Detail {
  readonly type: string;
  readonly loc: readonly unknown[];
  readonly ctx?: { readonly error?: string };
}

const faults = ({ status, body }: Answer): unknown[] => {
  expect(status).toBe(422);
  return (body as { detail: Detail[] }).detail.map(({ type, loc }) => [type, loc]);
};

describe('the body of a creation', () => {
  let service: Service;

  beforeAll(async () => {
    service = await (await Installation.create('postgres')).start();
  });

  const post = (body: unknown, headers = {}) =>
    service.send(KEYS, { method: 'POST', headers: { 'x-api-key': service.firstKey, ...headers }, body });

  it('is named and placed where it is no JSON, but to nobody without a key (IV3)', async () => {
    const answer = await post('{"name": }');
    expect(faults(answer)).toEqual([['json_invalid', ['body', 9]]]);
    expect((answer.body as { detail: Detail[] }).detail[0]?.ctx).toEqual({ error: 'Expecting value' });
    expect(faults(await post(''))).toEqual([['missing', ['body']]]);
    for (const body of ['{"name": }', '']) expectRefusal(await post(body, { 'x-api-key': '' }));
  });

  it('holds no text that only one of the databases could store (IV4)', async () => {
    expectError(await post({ name: 'a\0b' }), 400, 'bad_request');
    expectError(await post({ name: 'a', scopes: ['a\0b'] }), 400, 'bad_request');
    expectError(await post('{"name":"a","scopes":["\\ud800"]}'), 400, 'bad_request');
    expect(faults(await post('{"name":"\\ud800"}'))).toEqual([['string_unicode', ['body', 'name']]]);
    for (const body of ['{"name":"\xff"}', '{"name":"a","scopes":["\xc3("]}']) {
      const head = {
        'x-api-key': service.firstKey,
        'Content-Type': 'application/json',
        'Content-Length': String(body.length),
      };
      expectError(await oneAnswer(service.url, written('POST', KEYS, head, body)), 400, 'bad_request');
    }
  });

  it.each([
    ['nothing', '', 'string_too_short'],
    ['one letter', 'a', null],
    ['255 emoji', '😀'.repeat(255), null],
    ['256 letters', 'a'.repeat(256), 'string_too_long'],
    ['256 emoji', '😀'.repeat(256), 'string_too_long'],
    ['a number', 5, 'string_type'],
  ])('counts the characters of a name, not its bytes (IV5): %s', async (_what, name, fault) => {
    const answer = await post({ name });
    if (fault !== null) expect(faults(answer)).toEqual([[fault, ['body', 'name']]]);
    else expect([answer.status, (answer.body as CreatedKey).name]).toEqual([201, name]);
  });

  it.each([
    ['an offset', '2999-12-31T23:59:59+14:00', '2999-12-31T09:59:59Z'],
    ['no offset', '2999-12-31T23:59:59', '2999-12-31T23:59:59Z'],
    ['a date', '2999-12-31', '2999-12-31T00:00:00Z'],
    ['seconds', 3_200_000_000, '2071-05-28T00:53:20Z'],
    ['a fraction', '2999-12-31T23:59:59.123456Z', '2999-12-31T23:59:59.123000Z'],
  ])('takes an end with %s and lists it in UTC (IV6)', async (_what, expires_at, stored) => {
    const { status, body } = await post({ name: 'ends', expires_at });
    const { id, expires_at: answered } = body as CreatedKey;
    const listed = (await service.list(service.firstKey)).find((key) => key.id === id);
    expect([status, answered, listed?.expires_at]).toEqual([201, stored, stored]);
  });

  it.each([
    ['the year 10000', '10000-01-01T00:00:00Z', 'datetime_from_date_parsing'],
    ['the year 10000 in UTC', '9999-12-31T23:59:59-23:59', 'datetime_parsing'],
    ['a leap second', '2999-12-31T23:59:60Z', 'datetime_from_date_parsing'],
    ['far too many seconds', 1e300, 'datetime_parsing'],
  ])('refuses an end that is no time (IV6): %s', async (_what, expires_at, fault) => {
    expect(faults(await post({ name: 'ends', expires_at }))).toEqual([[fault, ['body', 'expires_at']]]);
  });

  it.each(['2020-01-01T00:00:00Z', '2020-01-01', 0, -1])('refuses an end in the past (IV6): %s', async (expires_at) => {
    expectError(await post({ name: 'ends', expires_at }), 400, 'bad_request');
  });

  it('is refused quickly when it is large, deep or poisoned (IV8)', async () => {
    const started = performance.now();
    expectError(await post(' '.repeat(1_048_577)), 413, 'payload_too_large');
    expectError(await post(DEEP), 400, 'bad_request');
    expect(faults(await post('{"__proto__":{"name":"x"},"constructor":{"prototype":{"name":"x"}}}'))).toHaveLength(1);
    expect(faults(await post({}))).toEqual([['missing', ['body', 'name']]]);
    expect(performance.now() - started).toBeLessThan(QUICKLY_MS);
  });

  it.each([
    ['application/json\ta', 'model_attributes_type'],
    ['application/json x', 'model_attributes_type'],
    ['text/plain', 'model_attributes_type'],
    ['', 'model_attributes_type'],
  ])('is JSON only if its type says so (HT3): %j', async (type, fault) => {
    expect(faults(await post('{"name":"a"}', { 'content-type': type }))).toEqual([[fault, ['body']]]);
  });

  it('is read as it came, whatever Content-Encoding says (HT3)', async () => {
    expect(await post('{"name":"a"}', { 'content-encoding': 'gzip' })).toMatchObject({ status: 201 });
  });
});
