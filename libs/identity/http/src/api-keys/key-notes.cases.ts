import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { create, created } from '../../testing/keys.js';
import { KEYS, send } from '../../testing/requests.js';

const NOTES = {
  description: 'Shows orders. Ключ 🔑',
  labels: ['team:shop', 'production'],
  metadata: { customer: 'c_1', limits: { seats: [1, 2.5, null, true] }, __proto: {} },
};
const NONE = { description: null, labels: [], metadata: null };

const MANY = { type: 'too_long', msg: 'List should have at most 20 items after validation, not 21' };
const PATTERN = '^[a-z0-9](?:[a-z0-9._:/-]*[a-z0-9])?$';
const LABELS = Array.from({ length: 21 }, (_, index) => `l${index}`);

/** A field, what is wrong with its value, and the issue as Pydantic says it. */
const INVALID: [string, unknown, object][] = [
  ['description', 5, { type: 'string_type', msg: 'Input should be a valid string' }],
  [
    'description',
    'a'.repeat(1001),
    { type: 'string_too_long', msg: 'String should have at most 1000 characters', ctx: { max_length: 1000 } },
  ],
  ['labels', null, { type: 'list_type', msg: 'Input should be a valid list' }],
  ['labels', 'a', { type: 'list_type', msg: 'Input should be a valid list' }],
  ['labels', LABELS, { ...MANY, ctx: { field_type: 'List', max_length: 20, actual_length: 21 } }],
  ['metadata', [], { type: 'dict_type', msg: 'Input should be a valid dictionary' }],
  ['metadata', 'a', { type: 'dict_type', msg: 'Input should be a valid dictionary' }],
];
const INVALID_LABELS: [unknown, object][] = [
  [1, { type: 'string_type', msg: 'Input should be a valid string' }],
  [
    'a'.repeat(64),
    { type: 'string_too_long', msg: 'String should have at most 63 characters', ctx: { max_length: 63 } },
  ],
  [
    'A',
    { type: 'string_pattern_mismatch', msg: `String should match pattern '${PATTERN}'`, ctx: { pattern: PATTERN } },
  ],
];

describe('description, labels and metadata', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  const change = (id: string, body: unknown) => send(host, 'PATCH', `${KEYS}/${id}`, { key: tenant.key, body });

  it('are shown wherever the key is, and are no ignored fields', async () => {
    const { key } = tenant;
    const made = await create(host, key, { name: 'CI', ...NOTES, other: 1 });
    expect([made.status, made.headers.get('x-ignored-fields')]).toEqual([201, 'other']);
    const { id, plain_text_key: token } = made.body as { id: string; plain_text_key: string };
    const listed = (await send(host, 'GET', KEYS, { key })).body as { id: string }[];
    const verified = await send(host, 'POST', `${KEYS}/verify`, { key, body: { key: token } });
    for (const shown of [
      made.body,
      listed.find((item) => item.id === id),
      (await send(host, 'GET', `${KEYS}/${id}`, { key })).body,
      (verified.body as { api_key: unknown }).api_key,
      (await change(id, {})).body,
      (await send(host, 'POST', `${KEYS}/${id}/rotate`, { key })).body,
    ]) {
      expect(shown).toMatchObject(NOTES);
    }
  });

  it('are none of a key without them, and of one that has lost them', async () => {
    const { id } = await created(host, tenant.key);
    expect((await send(host, 'GET', `${KEYS}/${id}`, { key: tenant.key })).body).toMatchObject(NONE);
    expect((await change(id, NOTES)).body).toMatchObject(NOTES);
    expect((await change(id, { name: 'other' })).body).toMatchObject(NOTES);
    expect((await change(id, NONE)).body).toMatchObject(NONE);
  });

  it.each(INVALID)('are 422 as FastAPI says it: %s %j', async (field, input, issue) => {
    const detail = [{ ...issue, loc: ['body', field], input }];
    for (const answer of [
      await create(host, tenant.key, { name: 'CI', [field]: input }),
      await change(tenant.apiKey.id, { [field]: input }),
    ]) {
      expect([answer.status, answer.body]).toEqual([422, { detail }]);
    }
  });

  it.each(INVALID_LABELS)('are 422 at the label that is none: %j', async (input, issue) => {
    const { status, body } = await create(host, tenant.key, { name: 'CI', labels: ['a', input] });
    expect([status, body]).toEqual([422, { detail: [{ ...issue, loc: ['body', 'labels', 1], input }] }]);
  });

  it.each([
    [{ description: 'a\0' }, /^The description of a key takes at most 1,000 characters, without NUL/],
    [{ labels: ['a', 'a'] }, /^labels\[1\] is there twice\.$/],
    [{ metadata: { a: 'a'.repeat(4096) } }, /^metadata takes at most 4096 bytes as JSON\. This is 4104 bytes\.$/],
    [{ metadata: { a: [[[[[[[[]]]]]]]] } }, /^metadata may have 8 levels/],
  ])('are 400 where a rule is broken that no schema states: %j', async (notes, message) => {
    const { status, body } = await create(host, tenant.key, { name: 'CI', ...notes });
    expect([status, body]).toEqual([400, { error: 'bad_request', message: expect.stringMatching(message) }]);
  });

  it('are told by the audit log, the metadata only as set', async () => {
    const { id } = await created(host, tenant.key, { name: 'CI', ...NOTES });
    const { body, text } = await send(host, 'GET', `/v1/identity/audit-events?api_key_id=${id}`, { key: tenant.key });
    const { description, labels } = NOTES;
    expect(body).toMatchObject({ items: [{ changes: { description, labels, metadata: 'set' } }] });
    expect(text).not.toContain('c_1');
  });
});
