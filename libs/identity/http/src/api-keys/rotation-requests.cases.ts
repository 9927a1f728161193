import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { atLeast, atMost, NO_INTEGER } from '../../testing/faults.js';
import { KEYS, send } from '../../testing/requests.js';

const THIRTY_DAYS = 2_592_000;
const NO_NUMBER = { type: 'int_type', msg: 'Input should be a valid integer' };
const TOO_LARGE = {
  type: 'int_parsing_size',
  msg: 'Unable to parse input string as an integer, exceeded maximum size',
};
const FRACTION = {
  type: 'int_from_float',
  msg: 'Input should be a valid integer, got a number with a fractional part',
};

describe('the grace period of a rotation', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  const rotate = (body: unknown, key = tenant.key) =>
    send(host, 'POST', `${KEYS}/${tenant.apiKey.id}/rotate`, { key, body });

  it.each([
    [-1, atLeast(0)],
    [THIRTY_DAYS + 1, atMost(THIRTY_DAYS)],
    [1e20, atMost(THIRTY_DAYS)],
    [1e300, TOO_LARGE],
    [0.5, FRACTION],
    [null, NO_NUMBER],
    [[60], NO_NUMBER],
    ['soon', NO_INTEGER],
    ['', NO_INTEGER],
  ])('is from 0 seconds to 30 days, anything else 422: %j', async (input, fault) => {
    const { status, body } = await rotate({ grace_period_seconds: input });
    const detail = { ...fault, loc: ['body', 'grace_period_seconds'], input };
    expect([status, body]).toEqual([422, { detail: [detail] }]);
    expect(host.identity.store.apiKeys.get(tenant.apiKey.id)?.keyPrefix).toBe(tenant.apiKey.keyPrefix);
  });

  it('is reported beside a path that holds no UUID', async () => {
    const sent = { key: tenant.key, body: { grace_period_seconds: -1 } };
    const { status, body } = await send(host, 'POST', `${KEYS}/x/rotate`, sent);
    const inBody = { type: 'greater_than_equal', loc: ['body', 'grace_period_seconds'] };
    expect([status, body]).toMatchObject([422, { detail: [{ loc: ['path', 'key_id'] }, inBody] }]);
  });

  it.each(['[]', '"60"', '60', 'false'])('is not the body itself: %s', async (json) => {
    const { status, body } = await rotate(json);
    expect([status, body]).toMatchObject([422, { detail: [{ type: 'model_attributes_type', loc: ['body'] }] }]);
  });

  it('is not looked for in JSON that ends early', async () => {
    expect(await rotate('{')).toMatchObject({ status: 422, body: { detail: [{ type: 'json_invalid' }] } });
  });

  it('may be as long as 30 days, and be sent as text', async () => {
    const first = await rotate({ grace_period_seconds: THIRTY_DAYS });
    expect(first.body).toMatchObject({ previous_secret_expires_at: '2026-02-01T03:04:05.678000Z' });
    const second = await rotate({ grace_period_seconds: '60' });
    expect(second.body).toMatchObject({ previous_secret_expires_at: '2026-01-02T03:05:05.678000Z' });
  });
});
