import { beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganization } from '../support/command-line.js';
import { DATABASES } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { REFUSAL } from '../support/refusal.js';
import { newKey, remoteShop, revoke } from './shop.js';

/** How long an answer of the service is used by default. */
const STALENESS_MS = 5000;

describe.each(DATABASES)('the sample asking a service on %s', (type) => {
  let shop: Awaited<ReturnType<typeof remoteShop>>;

  beforeAll(async () => {
    shop = await remoteShop(type);
  });

  it('refuses a key that was revoked at the service within the staleness', async () => {
    const { id, plain_text_key: key } = await newKey(shop, ['orders:read']);
    const status = async () => (await shop.sample.as(key, 'GET', '/orders')).status;
    expect(await status()).toBe(200);
    await revoke(shop, id);
    const revokedAt = performance.now();
    let lastAccepted = revokedAt;
    await eventually(async () => {
      const asked = performance.now();
      const isRefused = (await status()) === 401;
      if (!isRefused) lastAccepted = asked;
      return isRefused;
    });
    expect(lastAccepted - revokedAt).toBeLessThan(STALENESS_MS);
  });

  it('accepts keys of one organization alone, and has no API of keys', async () => {
    const { sample, owner, installation } = shop;
    const { plain_text_key: stranger } = await createOrganization(installation, 'Other customer');
    expect(await sample.as(stranger, 'GET', '/orders')).toMatchObject({ status: 401, body: REFUSAL });
    expect(await sample.as(owner, 'GET', '/orders')).toMatchObject({ status: 200 });
    expect(await sample.as(owner, 'GET', '/v1/identity/whoami')).toMatchObject({ status: 404 });
  });

  it('answers 503, and never opens, while the service is away', async () => {
    const { sample, service, owner } = shop;
    const { plain_text_key: unseen } = await newKey(shop, ['orders:read']);
    await service.stop();
    const { status, headers, body } = await sample.as(unseen, 'GET', '/orders');
    expect([status, headers['retry-after'], body]).toEqual([
      503,
      '1',
      {
        error: 'service_unavailable',
        message: 'API keys cannot be verified right now. Try again shortly.',
        retryable: true,
        retry_after: 1,
      },
    ]);
    await eventually(async () => (await sample.as(owner, 'GET', '/orders')).status === 503);
    expect(await sample.send('/orders')).toMatchObject({ status: 401, body: REFUSAL });
    expect(await sample.send('/orders/prices')).toMatchObject({ status: 200 });
  });
});
