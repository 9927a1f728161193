import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Sent } from '../support/http.js';
import { Installation } from '../support/installation.js';
import type { Service } from '../support/service.js';
import { expectSafe } from './expect-safe.js';

const KEYS = '/v1/identity/api-keys';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The description of the API is the same for everybody, and may be kept. */
const cachingOf = (path: string) => (/^\/(?:docs|openapi\.json)/.test(path) ? 'no-cache' : 'no-store');

/** One request for each status that a client can provoke, by path. */
const ASKED: readonly [status: number, path: string, sent: Sent][] = [
  [200, '/healthz', {}],
  [200, '/readyz', {}],
  [200, '/openapi.json', {}],
  [200, '/docs', {}],
  [200, '/docs/start.js', {}],
  [200, '/docs/swagger-ui.css', {}],
  [200, '/docs/swagger-ui-bundle.js', {}],
  [200, '/v1/identity/whoami', {}],
  [200, KEYS, {}],
  [200, '/v1/identity/authorize?scope=orders:read', {}],
  [200, '/v1/identity/policy', {}],
  [200, '/v1/identity/policy', { method: 'PATCH', body: {} }],
  [200, '/v1/identity/audit-events', {}],
  [200, `${KEYS}/verify`, { method: 'POST', body: { key: 'none' } }],
  [201, KEYS, { method: 'POST', body: { name: 'a key' } }],
  [400, KEYS, { method: 'POST', body: { name: '\0' } }],
  [401, KEYS, { headers: { 'x-api-key': 'none' } }],
  [404, '/nothing', {}],
  [404, `${KEYS}/00000000-0000-4000-8000-000000000000`, { method: 'DELETE' }],
  [405, KEYS, { method: 'PUT' }],
  [413, KEYS, { method: 'POST', body: ' '.repeat(1_048_577) }],
  [422, KEYS, { method: 'POST', body: {} }],
  [422, `${KEYS}/none`, { method: 'DELETE' }],
  [422, `${KEYS}/verify`, { method: 'POST', body: {} }],
  [422, '/v1/identity/audit-events?limit=0', {}],
];

describe('every answer', () => {
  let installation: Installation;
  let service: Service;

  beforeAll(async () => {
    installation = await Installation.create('sqlite');
    service = await installation.start();
  });

  const ask = (path: string, { headers, ...sent }: Sent) =>
    service.send(path, { ...sent, headers: { 'x-api-key': service.firstKey, ...headers } });

  it.each(ASKED)('is stored nowhere, tells nothing and has an id of its own: %i of %s', async (status, path, sent) => {
    const [first, second] = [await ask(path, sent), await ask(path, sent)];
    for (const answer of [first, second]) {
      expect(answer.status).toBe(status);
      expectSafe(answer, cachingOf(path));
      expect(answer.headers['x-request-id']).toMatch(UUID);
    }
    expect(first.headers['x-request-id']).not.toBe(second.headers['x-request-id']);
  });

  it('is so for 204, which has neither body nor content type', async () => {
    const { id } = await service.newKey(service.firstKey);
    const answer = await service.revoke(service.firstKey, id);
    expectSafe(answer);
    expect([answer.status, answer.text, 'content-type' in answer.headers]).toEqual([204, '', false]);
    expect(answer.headers['x-request-id']).toMatch(UUID);
  });

  it('does not take over the request id of a client', async () => {
    const answer = await ask('/v1/identity/whoami', { headers: { 'x-request-id': 'mine' } });
    expect(answer.headers['x-request-id']).toMatch(UUID);
  });

  // Last: nothing works after it.
  it('tells nothing of a broken storage (HT8)', async () => {
    await installation.database.query('ALTER TABLE api_key_secrets RENAME TO gone');
    for (const [path, sent] of [
      [KEYS, {}],
      ['/v1/identity/whoami', {}],
      [KEYS, { method: 'POST', body: { name: 'n' } }],
    ] as const) {
      const answer = await ask(path, sent);
      expectSafe(answer);
      expect([answer.status, answer.body]).toEqual([
        500,
        { error: 'internal_error', message: 'An unexpected error occurred.' },
      ]);
    }
  });
});
