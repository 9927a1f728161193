import { beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from '../support/installation.js';
import { oneAnswer, written } from '../support/raw-exchange.js';
import type { Service } from '../support/service.js';

const KEYS = '/v1/identity/api-keys';

describe('the key_id of a revocation', () => {
  let service: Service;

  beforeAll(async () => {
    service = await (await Installation.create('postgres')).start();
  });

  const revoke = (keyId: string, headers = {}) =>
    oneAnswer(service.url, written('DELETE', `${KEYS}/${keyId}`, { 'x-api-key': service.firstKey, ...headers }));

  it.each([
    ['no UUID', 'not-a-uuid'],
    ['10,000 characters', 'a'.repeat(10_000)],
    ['an encoded NUL', '%00'],
    ['a number', '1'],
    ['a statement', "'%20OR%201=1--"],
    ['bad UTF-8', '%ff'],
  ])('is 422 where it is no UUID (IV7): %s', async (_what, keyId) => {
    const { status, text } = await revoke(keyId);
    const { detail } = JSON.parse(text) as { detail: { type: string; loc: unknown[] }[] };
    expect([status, detail.map(({ type, loc }) => [type, loc])]).toEqual([422, [['uuid_parsing', ['path', 'key_id']]]]);
  });

  it('leads to no other path when it holds slashes (IV7)', async () => {
    for (const keyId of ['..%2f..', '..%2fwhoami', 'a%2fb']) expect(await revoke(keyId)).toMatchObject({ status: 404 });
  });

  it.each<[string, (id: string) => string]>([
    ['in capitals', (id) => id.toUpperCase()],
    ['in braces', (id) => `%7B${id}%7D`],
    ['without hyphens', (id) => id.replaceAll('-', '')],
    ['as a URN', (id) => `urn:uuid:${id}`],
  ])('names its key %s as well (IV7)', async (_what, spelled) => {
    const { id } = await service.newKey(service.firstKey);
    expect(await revoke(spelled(id))).toMatchObject({ status: 204, text: '' });
    expect((await service.list(service.firstKey)).map((key) => key.id)).not.toContain(id);
  });

  it.each([{}, { 'Content-Length': '0' }])('needs no body, even of a type (HT5): %j', async (length) => {
    const { id } = await service.newKey(service.firstKey);
    const answer = await revoke(id, { 'Content-Type': 'application/json', ...length });
    expect(answer).toMatchObject({ status: 204, text: '' });
  });
});
