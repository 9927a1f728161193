import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdentityError, type IdentityErrorCode, type SecretVerdict } from '@feather-identity/core';
import { FakeSecretHasher } from '@feather-identity/core/testing';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { created, keyWith } from '../../testing/keys.js';
import { KEYS, send, WHOAMI } from '../../testing/requests.js';

/** Fails for one token, as a queue of hashes does that is full. */
class BusyHasher extends FakeSecretHasher {
  busyWith = '';
  code: IdentityErrorCode = 'hashing.overloaded';

  override verify(...args: Parameters<FakeSecretHasher['verify']>): Promise<SecretVerdict> {
    if (args[0].reveal() === this.busyWith) return Promise.reject(new IdentityError(this.code, 'A public text.'));
    return super.verify(...args);
  }
}

describe('a key that cannot be hashed now', () => {
  const hasher = new BusyHasher();
  let host: Host;
  let tenant: Tenant;
  let verifier: string;

  beforeAll(async () => {
    host = await startHost({ hasher });
    tenant = await createTenant(host);
    verifier = await keyWith(host, tenant.key, 'api_keys:verify');
    hasher.busyWith = (await created(host, tenant.key)).plain_text_key;
  });

  afterAll(() => host.app.close());

  const check = () => send(host, 'POST', `${KEYS}/verify`, { key: verifier, body: { key: hasher.busyWith } });

  it('is one question too many where a service asks, and no outage: others are answered', async () => {
    const { status, headers, body } = await check();
    const expected = { error: 'rate_limited', message: 'A public text.', retryable: true, retry_after: 1 };
    expect([status, headers.get('retry-after'), body]).toEqual([429, '1', expected]);
    const other = await send(host, 'POST', `${KEYS}/verify`, { key: verifier, body: { key: tenant.key } });
    expect(other).toMatchObject({ status: 200, body: { valid: true } });
  });

  it('is 503 where it is the key of the request itself', async () => {
    expect(await send(host, 'GET', WHOAMI, { key: hasher.busyWith })).toMatchObject({ status: 503 });
  });

  it('is told from a service without its storage, which is 503', async () => {
    hasher.code = 'storage.unavailable';
    expect(await check()).toMatchObject({ status: 503, body: { error: 'service_unavailable' } });
  });
});
