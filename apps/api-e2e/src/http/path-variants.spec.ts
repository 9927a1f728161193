import { beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from '../support/installation.js';
import { oneAnswer, written } from '../support/raw-exchange.js';
import type { CreatedKey, Service } from '../support/service.js';
import { expectSafe } from './expect-safe.js';
import { PATH_VARIANTS } from './path-variants.js';

const KEYS = '/v1/identity/api-keys';
const JSON_TYPE = { 'Content-Type': 'application/json' };
const BODY = '{"name":"intruder"}';
const REFUSALS = [400, 401, 404, 405];

describe('a stranger who writes the path of a protected route in another way (AU8)', () => {
  let service: Service;
  let victim: CreatedKey;

  beforeAll(async () => {
    service = await (await Installation.create('sqlite')).start();
    victim = await service.newKey(service.firstKey, 'victim');
  });

  const routes = (): [method: string, path: string, body: string][] => [
    ['GET', KEYS, ''],
    ['POST', KEYS, BODY],
    ['DELETE', `${KEYS}/${victim.id}`, ''],
    ['PATCH', `${KEYS}/${victim.id}`, BODY],
    ['POST', `${KEYS}/${victim.id}/rotate`, ''],
    ['POST', `${KEYS}/verify`, `{"key":"${victim.plain_text_key}"}`],
    ['GET', '/v1/identity/whoami', ''],
    ['GET', '/v1/identity/authorize', ''],
    ['PATCH', '/v1/identity/policy', '{"expiry_required":true}'],
    ['GET', '/v1/identity/audit-events', ''],
  ];

  it.each(Object.entries(PATH_VARIANTS))('is refused on every route: %s', async (_what, variant) => {
    for (const [method, path, body] of routes()) {
      const length = body === '' ? {} : { ...JSON_TYPE, 'Content-Length': String(body.length) };
      const answer = await oneAnswer(service.url, written(method, variant(path), length, body));
      expect([method, REFUSALS.includes(answer.status), answer.status]).toEqual([method, true, answer.status]);
      expectSafe(answer);
      expect(Object.keys(JSON.parse(answer.text) as object)).toEqual(['error', 'message']);
    }
  });

  it('is refused with 401 wherever the variant is the route', async () => {
    for (const what of ['as it is', 'a query', 'an encoded letter', 'an encoded slash', 'absolute-form']) {
      const target = PATH_VARIANTS[what]!('/v1/identity/whoami');
      expect([what, await oneAnswer(service.url, written('GET', target))]).toMatchObject([what, { status: 401 }]);
    }
  });

  it('tries at least 40 ways, and none of them ever reached a handler', async () => {
    expect(Object.keys(PATH_VARIANTS).length).toBeGreaterThanOrEqual(40);
    expect((await service.list(service.firstKey)).map(({ name }) => name)).toEqual(['victim', 'Owner key']);
    expect(await service.whoami(victim.plain_text_key)).toMatchObject({ status: 200 });
  });
});
