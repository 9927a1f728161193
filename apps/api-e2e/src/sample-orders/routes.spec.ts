import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from '../support/database.js';
import { REFUSAL } from '../support/refusal.js';
import { MODES, newKey, type Shop } from './shop.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const NO_ORDER = '{"message":"No such order.","error":"Not Found","statusCode":404}';

describe.each(MODES)('the sample %s', (_mode, open) => {
  describe.each(DATABASES)('on %s', (type) => {
    let shop: Shop;
    let reader: string;

    beforeAll(async () => {
      shop = await open(type);
      reader = (await newKey(shop, ['orders:read'])).plain_text_key;
    });

    it('answers 401 without a good key', async () => {
      for (const headers of [{}, { 'x-api-key': 'junk' }, { 'x-api-key': `${reader}0` }]) {
        const { status, text, headers: answered } = await shop.sample.send('/orders', { headers });
        expect([status, text]).toEqual([401, JSON.stringify(REFUSAL)]);
        expect(answered['www-authenticate']).toBe('ApiKey realm="identity"');
      }
    });

    it('answers 403 to a key without the scope, which it names', async () => {
      const body = { item: 'tea', quantity: 2 };
      expect(await shop.sample.as(reader, 'POST', '/orders', body)).toMatchObject({
        status: 403,
        text: '{"error":"permission_denied","message":"The API key lacks the scope \\"orders:write\\"."}',
      });
      expect((await shop.sample.as(reader, 'GET', '/orders')).body).toEqual([]);
    });

    it('places, shows, lists and cancels orders', async () => {
      const placed = await shop.sample.as(shop.owner, 'POST', '/orders', { item: 'tea', quantity: 2 });
      const order = placed.body as { id: string };
      expect([placed.status, order]).toEqual([
        201,
        {
          id: expect.stringMatching(UUID),
          item: 'tea',
          quantity: 2,
          placedBy: 'owner',
          placedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
        },
      ]);
      expect(await shop.sample.as(reader, 'GET', `/orders/${order.id}`)).toMatchObject({ status: 200, body: order });
      expect(await shop.sample.as(reader, 'GET', '/orders')).toMatchObject({ status: 200, body: [order] });
      const cancel = () => shop.sample.as(shop.owner, 'DELETE', `/orders/${order.id}`);
      expect(await cancel()).toMatchObject({ status: 204, text: '' });
      expect(await cancel()).toMatchObject({ status: 404, text: NO_ORDER });
    });

    it('shows the prices to everybody', async () => {
      expect(await shop.sample.send('/orders/prices')).toMatchObject({
        status: 200,
        text: '{"coffee":1200,"tea":800}',
      });
    });

    it('answers its own errors in its own words', async () => {
      const invalid = await shop.sample.as(shop.owner, 'POST', '/orders', { item: 'tea', quantity: 0, free: true });
      const message = ['property free should not exist', 'quantity must not be less than 1'];
      expect([invalid.status, invalid.body]).toEqual([400, { message, error: 'Bad Request', statusCode: 400 }]);
      expect(await shop.sample.as(shop.owner, 'GET', '/orders/1')).toMatchObject({ status: 400 });
      expect((await shop.sample.as(shop.owner, 'GET', '/nowhere')).body).toMatchObject({ statusCode: 404 });
    });

    it('prints no key but the first one of its own database', () => {
      const printed = shop.sample.output.match(/\w+_live_\w+/g) ?? [];
      expect(printed).toEqual(shop.keyServer === shop.sample ? [shop.owner] : []);
    });
  });
});
