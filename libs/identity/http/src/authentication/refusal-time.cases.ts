import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { send, WHOAMI } from '../../testing/requests.js';

/** A little under what the server waits: its clock and the test's are not one. */
const LEAST_MS = 4.5;
const ROUNDS = 15;

describe('the answer to a wrong key (AU5)', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });
  afterAll(() => host.app.close());

  const forged = (publicPart: string) => host.identity.format.compose(publicPart, 'A'.repeat(32)).reveal();

  it.each([
    ['an unknown public part', () => forged('00000000')],
    ['a wrong secret', () => forged(tenant.key.slice(9, 17))],
    ['a wrong checksum', () => `${tenant.key.slice(0, -1)}${tenant.key.endsWith('0') ? '1' : '0'}`],
  ])('comes when it is due, not when the work is done: %s', async (_what, key) => {
    let fastest = Infinity;
    for (let round = 0; round < ROUNDS; round += 1) {
      const began = performance.now();
      expect((await send(host, 'GET', WHOAMI, { key: key() })).status).toBe(401);
      fastest = Math.min(fastest, performance.now() - began);
    }
    expect(fastest).toBeGreaterThan(LEAST_MS);
  });
});
