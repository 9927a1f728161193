import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { expectRefusal, REFUSAL } from './support/refusal.js';
import { eventually } from './support/eventually.js';
import type { Answer } from './support/http.js';
import { Installation } from './support/installation.js';
import type { CreatedKey, ListedKey, Service } from './support/service.js';
import { partsOf, randomPart, wellFormed } from './support/tokens.js';

const WHOAMI = '/v1/identity/whoami';

describe.each(DATABASES)('a refused request on %s', (database) => {
  let service: Service;
  let valid: string;

  beforeAll(async () => {
    service = await (await Installation.create(database)).start();
    valid = service.firstKey;
  });

  const withHeader = (value: string | string[]): Promise<Answer> =>
    service.send(WHOAMI, { headers: { 'x-api-key': value } });

  it('is one without a header (AU1)', async () => expectRefusal(await service.send(WHOAMI)));

  it.each(['', ' ', '    ', 'null', 'undefined', 'NaN', '[object Object]', '0', 'true', '*', '%'])(
    'is one whose header holds no token: "%s" (AU1)',
    async (value) => expectRefusal(await withHeader(value)),
  );

  it('is one with two headers, in any order and even with the same key twice (AU2)', async () => {
    const other = (await service.newKey(valid)).plain_text_key;
    for (const pair of [
      [valid, valid],
      [valid, other],
      [valid, 'junk'],
      ['junk', valid],
      [valid, ''],
      ['', valid],
    ]) {
      expectRefusal(await withHeader(pair));
    }
    expect(await service.whoami(other)).toMatchObject({ status: 200 });
  });

  it('is answered with the same bytes whatever is wrong with the key (AU4, AU6)', async () => {
    const revoked = await service.newKey(valid);
    await service.revoke(valid, revoked.id);
    const expired = await expiredKey(service, valid);
    const parts = partsOf((await service.newKey(valid)).plain_text_key);
    const refused = {
      unknown: wellFormed({ ...parts, publicPart: randomPart(8) }),
      wrongSecret: wellFormed({ ...parts, secret: randomPart(32) }),
      revoked: revoked.plain_text_key,
      revokedAndWrongSecret: wellFormed({ ...partsOf(revoked.plain_text_key), secret: randomPart(32) }),
      expired: expired.plain_text_key,
      expiredAndWrongSecret: wellFormed({ ...partsOf(expired.plain_text_key), secret: randomPart(32) }),
      badChecksum: wellFormed(parts).slice(0, -6) + '000000',
      foreignEnvironment: wellFormed({ ...parts, head: 'fth_test_' }),
      foreignNamespace: wellFormed({ ...parts, head: 'abc_live_' }),
    };
    const [first, ...others] = await Promise.all(Object.values(refused).map((key) => withHeader(key)));
    expect(first?.status).toBe(401);
    for (const answer of others) expect(comparable(answer)).toEqual(comparable(first!));
    expect(comparable(await service.send(WHOAMI))).toEqual(comparable(first!));
  });

  it('is the same on every protected route, before the body is looked at', async () => {
    const requests = [
      { path: '/v1/identity/api-keys', method: 'GET' },
      { path: '/v1/identity/api-keys', method: 'POST', body: '{ broken' },
      { path: '/v1/identity/api-keys', method: 'POST', body: { name: 5 } },
      { path: '/v1/identity/api-keys/not-a-uuid', method: 'DELETE' },
    ];
    for (const { path, ...sent } of requests) expectRefusal(await service.send(path, sent));
    expect(REFUSAL.error).toBe('authentication_required');
  });
});

/** A key that worked, was left to expire and is listed as inactive. */
async function expiredKey(service: Service, owner: string): Promise<CreatedKey> {
  const expires_at = new Date(Date.now() + 1500).toISOString();
  const key = (await service.create(owner, { name: 'Short-lived', expires_at })).body as CreatedKey;
  expect(await service.whoami(key.plain_text_key)).toMatchObject({ status: 200 });
  await eventually(async () => (await service.whoami(key.plain_text_key)).status === 401);
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expires_at));
  const listed = (await service.list(owner)).find(({ id }: ListedKey) => id === key.id);
  expect(listed).toMatchObject({ is_active: false });
  return key;
}

/** All of an answer but what differs between any two. */
function comparable({ status, headers, text }: Answer): unknown {
  const { date, 'x-request-id': requestId, ...rest } = headers;
  expect([typeof date, typeof requestId]).toEqual(['string', 'string']);
  return { status, headers: rest, text };
}
