import { afterEach, describe, expect, it } from '@jest/globals';
import { emptyDatabase } from '../testing/databases.js';
import { environment } from '../testing/environment.js';
import { send, WHOAMI } from '../testing/requests.js';
import { type Service, startServiceIn } from '../testing/service.js';

const LIMIT = 3;

describe('failures behind a proxy', () => {
  let service: Service;

  const start = async (variables: Readonly<Record<string, string>>) => {
    const DATABASE_URL = await emptyDatabase('sqlite', process.env);
    const limit = { FAILED_AUTHENTICATIONS_PER_MINUTE: String(LIMIT) };
    service = await startServiceIn(environment({ DATABASE_URL, ...limit, ...variables }));
  };
  afterEach(() => service.close());

  /** What a client behind the proxy gets for a wrong key. */
  const fail = async (forwardedFor: string) =>
    (await send(service, 'GET', WHOAMI, { key: 'junk', headers: { 'x-forwarded-for': forwardedFor } })).status;

  it('count for the client that a trusted proxy names', async () => {
    await start({ TRUSTED_PROXIES: '10.0.0.0/8,127.0.0.1' });
    for (let index = 0; index < LIMIT; index += 1) expect(await fail('203.0.113.7')).toBe(401);
    expect(await fail('203.0.113.7')).toBe(429);
    expect(await fail('203.0.113.8')).toBe(401);
    // What the client claims in front of that is not looked at.
    expect(await fail('198.51.100.1, 203.0.113.7')).toBe(429);
  });

  it.each([
    ['203.0.113.7:41000', '203.0.113.7:41001', '203.0.113.7', '"203.0.113.7:1"'],
    ['[2001:db8::7]:41000', '[2001:db8::7]:41001', '[2001:db8::7]', '2001:db8::7'],
    // A trusted proxy before this one writes ports, too.
    ['203.0.113.7:41000, 10.0.0.1:80', '203.0.113.7', '203.0.113.7:41001, 10.0.0.2:80', '203.0.113.7:1'],
    // No address: the client is whoever wrote that.
    ['unknown', '999.1.1.1', 'unknown, 10.0.0.1', '203.0.113.7:x'],
  ])('count for the address alone, without its port: %s', async (...writings) => {
    await start({ TRUSTED_PROXIES: '10.0.0.0/8,127.0.0.1' });
    const [first, second, third, fourth] = writings;
    if (first === 'unknown') {
      for (const written of [first, second, fourth]) expect(await fail(written)).toBe(401);
      expect(await fail('203.0.113.7, garbage')).toBe(429);
      return;
    }
    for (const written of [first, second, third]) expect(await fail(written)).toBe(401);
    expect(await fail(fourth)).toBe(429);
  });

  it('count for a whole IPv6 network of 64 bits, however its addresses are written', async () => {
    await start({ TRUSTED_PROXIES: '127.0.0.1' });
    for (const address of ['2001:db8:1:2::1', '2001:db8:1:2:3:4:5:6', '2001:0db8:1:2::']) {
      expect(await fail(address)).toBe(401);
    }
    expect(await fail('2001:DB8:1:2:ffff::1')).toBe(429);
    expect(await fail('2001:db8:1:3::1')).toBe(401);
  });

  it('count for the proxy itself when it is not trusted (RL3)', async () => {
    await start({});
    for (let index = 0; index < LIMIT; index += 1) expect(await fail(`203.0.113.${index}`)).toBe(401);
    expect(await fail('203.0.113.99')).toBe(429);
  });
});
