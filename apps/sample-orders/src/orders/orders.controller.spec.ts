import { FakeApiKeyVerifier, testCaller } from '@feather-identity/core/testing';
import { IdentityTestingModule } from '@feather-identity/http/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplication, NotFoundException } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Order } from './order.js';
import { OrdersController } from './orders.controller.js';
import { Orders } from './orders.js';

const customer = testCaller({ scopes: ['orders:read'] });
const clerk = testCaller({ organization: customer.organization, scopes: ['orders:write'] });
const stranger = testCaller();

const stored: Order = {
  id: '5b1e0c4e-6a0f-4b53-9b0e-2f8f0f4c9a11',
  organizationId: customer.organization.id,
  item: 'tea',
  quantity: 2,
  placedBy: 'ada',
  placedAt: '2026-01-02T03:04:05.678Z',
};
const shown = { id: stored.id, item: 'tea', quantity: 2, placedBy: 'ada', placedAt: stored.placedAt };

/** One order of the customer's organization. */
const orders: Pick<Orders, 'list' | 'find' | 'cancel'> = {
  list: async (organizationId) => (organizationId === stored.organizationId ? [stored] : []),
  find: async (organizationId, id) => (organizationId === stored.organizationId && id === stored.id ? stored : null),
  cancel: async (organizationId, id) => organizationId === stored.organizationId && id === stored.id,
};

describe('the handlers of orders', () => {
  const controller = new OrdersController(orders as Orders);

  it("show a caller the orders of the caller's organization", async () => {
    expect(await controller.list(customer)).toEqual([shown]);
    expect(await controller.find(customer, stored.id)).toEqual(shown);
    expect(await controller.list(stranger)).toEqual([]);
  });

  it('know no order of another organization', async () => {
    await expect(controller.find(stranger, stored.id)).rejects.toThrow(NotFoundException);
    await expect(controller.cancel(stranger, stored.id)).rejects.toThrow(NotFoundException);
  });
});

describe('the routes of orders', () => {
  let app: INestApplication;
  let keys: FakeApiKeyVerifier;

  beforeAll(async () => {
    const module = await Test.createTestingModule({
      imports: [IdentityTestingModule],
      controllers: [OrdersController],
      providers: [{ provide: Orders, useValue: orders }],
    }).compile();
    keys = module.get(FakeApiKeyVerifier);
    app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
  });

  afterAll(() => app.close());

  const ask = async (method: string, path: string, key = '') => {
    const response = await fetch((await app.getUrl()) + path, { method, headers: { 'x-api-key': key } });
    const text = await response.text();
    return [response.status, text === '' ? null : (JSON.parse(text) as unknown)];
  };

  it('are closed without a key, but for the prices', async () => {
    expect(await ask('GET', '/orders')).toMatchObject([401, { error: 'authentication_required' }]);
    expect(await ask('GET', '/orders/prices')).toEqual([200, { coffee: 1200, tea: 800 }]);
  });

  it('are open to whoever may read, and cancel nothing for them', async () => {
    const key = keys.keyFor(customer);
    expect(await ask('GET', '/orders', key)).toEqual([200, [shown]]);
    expect(await ask('GET', `/orders/${stored.id}`, key)).toEqual([200, shown]);
    const message = 'The API key lacks the scope "orders:write".';
    expect(await ask('DELETE', `/orders/${stored.id}`, key)).toEqual([403, { error: 'permission_denied', message }]);
  });

  it('cancel for whoever may write, and show them nothing', async () => {
    const key = keys.keyFor(clerk);
    expect(await ask('DELETE', `/orders/${stored.id}`, key)).toEqual([204, null]);
    expect(await ask('GET', '/orders', key)).toMatchObject([403, { error: 'permission_denied' }]);
  });
});
