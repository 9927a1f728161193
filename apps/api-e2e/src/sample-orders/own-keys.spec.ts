import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from '../support/database.js';
import type { ListedKey } from '../support/service.js';
import { newOrganization, Sample } from './sample.js';
import { embeddedShop, newKey, revoke } from './shop.js';

const NO_ORDER = '{"message":"No such order.","error":"Not Found","statusCode":404}';
const ORDER = { item: 'coffee', quantity: 1 };

describe.each(DATABASES)('the sample with keys in its own database on %s', (type) => {
  let shop: Awaited<ReturnType<typeof embeddedShop>>;

  beforeAll(async () => {
    shop = await embeddedShop(type);
  });

  it('knows no order of another organization', async () => {
    const { sample, owner, installation } = shop;
    const stranger = await newOrganization(installation, 'Other customer');
    const placed = await sample.as(owner, 'POST', '/orders', ORDER);
    const path = `/orders/${(placed.body as { id: string }).id}`;
    for (const method of ['GET', 'DELETE']) {
      expect(await sample.as(stranger, method, path)).toMatchObject({ status: 404, text: NO_ORDER });
    }
    expect(await sample.as(stranger, 'GET', '/orders')).toMatchObject({ status: 200, body: [] });
    expect(await sample.as(owner, 'GET', path)).toMatchObject({ status: 200 });
  });

  it('refuses a revoked key from the answer to its revocation on', async () => {
    for (let round = 0; round < 10; round++) {
      const { id, plain_text_key: key } = await newKey(shop, ['orders:read']);
      expect(await shop.sample.as(key, 'GET', '/orders')).toMatchObject({ status: 200 });
      await revoke(shop, id);
      expect(await shop.sample.as(key, 'GET', '/orders')).toMatchObject({ status: 401 });
    }
  });

  it('serves the API of keys in the words of the contract, beside its own pipe', async () => {
    const { sample, owner } = shop;
    const invalid = await sample.as(owner, 'POST', '/v1/identity/api-keys', { name: 5, scopes: [] });
    expect(invalid).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'name'], type: 'string_type' }] } });
    const missing = await sample.as(owner, 'DELETE', '/v1/identity/api-keys/01a21c09-83d1-72c8-a43f-37e0cf565f47');
    expect(missing).toMatchObject({ status: 404, body: { error: 'not_found', message: 'No such API key.' } });
  });

  it('keeps keys, their last use and orders over a restart, which prints no key', async () => {
    const { sample, owner, installation } = shop;
    const { id, plain_text_key: key } = await newKey(shop, ['orders:read']);
    const before = await sample.as(key, 'GET', '/orders');
    const { stderr } = await sample.stop();
    const restarted = await Sample.start(installation);
    expect([stderr, restarted.output]).toEqual(['', expect.stringMatching(/^Orders are served on \S+\n$/)]);
    const listed = (await restarted.as(owner, 'GET', '/v1/identity/api-keys')).body as ListedKey[];
    expect(listed.find((each) => each.id === id)).toMatchObject({ last_used_at: expect.any(String) });
    expect(await restarted.as(key, 'GET', '/orders')).toMatchObject({ status: 200, text: before.text });
  });
});
