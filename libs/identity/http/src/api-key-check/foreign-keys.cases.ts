import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WriteBehind } from '@feather-identity/core';
import { disable } from '../../testing/callers.js';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { type CreatedKey, created, keyWith, rotated } from '../../testing/keys.js';
import { KEYS, sendRaw } from '../../testing/requests.js';

const NOT_FOUND = '{"valid":false,"reason":"not_found"}';

describe('a key of another organization, shown to POST /v1/identity/api-keys/verify', () => {
  let host: Host;
  let tenant: Tenant;
  let other: Tenant;
  let verifier: string;
  let foreign: CreatedKey;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
    other = await createTenant(host, 'Other');
    verifier = await keyWith(host, tenant.key, 'api_keys:verify');
    foreign = await created(host, other.key, { name: 'foreign', scopes: ['a:read'] });
  });

  afterAll(() => host.app.close());

  /** Everything that comes back but the date. */
  const answerTo = async (key: string, scopes: readonly string[] = []) => {
    const body = JSON.stringify({ key, scopes });
    const head = [`POST ${KEYS}/verify HTTP/1.1`, 'Host: a', 'Connection: close', `x-api-key: ${verifier}`];
    const type = ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`];
    return (await sendRaw(host, [...head, ...type, '', body].join('\r\n'))).replace(/\r\ndate: [^\r]*/i, '');
  };
  const withWrongSecret = (key: string) => host.identity.format.compose(key.slice(9, 17), 's'.repeat(32)).reveal();

  it('looks like one that never was, like junk and like a wrong secret, in every byte', async () => {
    const unknown = host.identity.format.compose('unknown0', 's'.repeat(32)).reveal();
    const expected = await answerTo(unknown);
    expect(expected).toMatch(/^HTTP\/1\.1 200 /);
    expect(expected.slice(expected.indexOf('\r\n\r\n') + 4)).toBe(NOT_FOUND);
    const keys = [foreign.plain_text_key, withWrongSecret(foreign.plain_text_key), withWrongSecret(tenant.key)];
    for (const key of [...keys, other.key, '', 'junk', '\0', `${tenant.key} `, tenant.key.toUpperCase()]) {
      expect([key, await answerTo(key)]).toEqual([key, expected]);
      expect([key, await answerTo(key, ['a:read'])]).toEqual([key, expected]);
    }
  });

  it('looks so whatever its state is', async () => {
    const expected = await answerTo('junk');
    await rotated(host, other.key, foreign.id);
    expect(await answerTo(foreign.plain_text_key)).toBe(expected);
    await disable(host, other, foreign);
    expect(await answerTo(foreign.plain_text_key)).toBe(expected);
  });

  it('is not used by it', async () => {
    const fresh = await created(host, other.key);
    await answerTo(fresh.plain_text_key);
    await host.app.get(WriteBehind).flush();
    expect(host.identity.store.apiKeys.get(fresh.id)?.lastUsedAt).toBeNull();
  });
});
