import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BlockList, isIPv4 } from 'node:net';
import { acceptsAddress, areNetworksWithin, normalizeNetworks } from './key-networks.js';

/** From jest.preset.mjs. */
declare const fuzz: { readonly seed: number; readonly factor: number };

describe('networks', () => {
  it.each([
    ['192.0.2.77', '192.0.2.77'],
    ['192.0.2.77/32', '192.0.2.77'],
    ['192.0.2.77/24', '192.0.2.0/24'],
    ['255.255.255.255/1', '128.0.0.0/1'],
    ['1.2.3.4/0', '0.0.0.0/0'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::1/128', '2001:db8::1'],
    ['2001:db8:ffff::1/33', '2001:db8:8000::/33'],
    ['::1', '::1'],
    ['::/0', '::/0'],
    ['::ffff:192.0.2.77', '192.0.2.77'],
    ['::FFFF:c000:24d', '192.0.2.77'],
    ['::ffff:192.0.2.77/120', '192.0.2.0/24'],
    ['::ffff:192.0.2.77/96', '0.0.0.0/0'],
    ['2001:db8::192.0.2.1', '2001:db8::c000:201'],
  ])('are kept in one spelling, without the bits of the host: %s as %s', (written, kept) => {
    expect(normalizeNetworks([written])).toEqual([kept]);
    expect(normalizeNetworks([kept, written])).toEqual([kept]);
  });

  it.each([
    '',
    ' ',
    'localhost',
    '192.0.2.1 ',
    '192.0.2',
    '0192.0.2.1',
    '0x7f.1',
    '2130706433',
    '192.0.2.256',
    '192.0.2.0/33',
    '192.0.2.0/-1',
    '192.0.2.0/024',
    '192.0.2.0/',
    '192.0.2.0/24/24',
    '192.0.2.0/255.255.255.0',
    '192.0.2.1-192.0.2.9',
    '192.0.2.1:80',
    '[::1]',
    '::1/129',
    '::ffff:192.0.2.1/95',
    'fe80::1%eth0',
    ':::',
    '1::2::3',
    '٣.0.2.1',
    `${'1'.repeat(10_000)}.0.0.1`,
  ])('are none: %j', (text) => {
    const refusal = expect.objectContaining({
      code: 'api_key.networks_invalid',
      message: expect.stringContaining('allowed_networks[1]'),
    });
    expect(() => normalizeNetworks(['192.0.2.1', text])).toThrow(refusal);
  });

  it('are 1 to 20', () => {
    const some = (count: number) => Array.from({ length: count }, (_each, index) => `10.0.0.${index}`);
    expect(normalizeNetworks(some(20))).toHaveLength(20);
    for (const count of [0, 21]) {
      const refusal = expect.objectContaining({ code: 'api_key.networks_invalid' });
      expect(() => normalizeNetworks(some(count))).toThrow(refusal);
    }
  });
});

describe('an address', () => {
  it.each([
    [['192.0.2.0/24'], '192.0.2.255', true],
    [['192.0.2.0/24'], '192.0.3.0', false],
    [['192.0.2.0/24'], '::ffff:192.0.2.9', true],
    [['192.0.2.0/24'], '::FFFF:C000:209', true],
    [['192.0.2.0/24'], '::192.0.2.9', false],
    [['192.0.2.0/24', '2001:db8::/32'], '2001:db8:ffff::', true],
    [['2001:db8::/32'], '2001:db9::', false],
    [['fe80::/10'], 'fe80::1%eth0', true],
    [['0.0.0.0/0'], '::1', false],
    [['::/0'], '::ffff:192.0.2.1', false],
    [['::/0'], '2001:db8::1', true],
    [['0.0.0.0/0', '::/0'], '', false],
    [['0.0.0.0/0', '::/0'], null, false],
    [['0.0.0.0/0', '::/0'], 'unknown', false],
    [null, null, true],
    [[], '192.0.2.1', false],
    [['damaged', '192.0.2.1'], '192.0.2.1', true],
    [['damaged'], '192.0.2.1', false],
  ])('from %j: %s is accepted: %p', (networks, address, expected) => {
    for (let time = 0; time < 2; time += 1) expect(acceptsAddress(networks, address)).toBe(expected);
    // As the networks of a key are: then they are remembered by their list, too.
    Object.freeze(networks);
    for (let time = 0; time < 2; time += 1) expect(acceptsAddress(networks, address)).toBe(expected);
  });

  it('is looked for in a list as it is now', () => {
    const networks = ['192.0.2.0/24'];
    expect(acceptsAddress(networks, '192.0.2.1')).toBe(true);
    networks[0] = '10.0.0.0/8';
    expect(acceptsAddress(networks, '192.0.2.1')).toBe(false);
  });

  it('is found as Node finds it', () => {
    const prefix = fc.oneof(
      fc.ipV4().map((ip) => [ip, 32] as const),
      fc.ipV6().map((ip) => [ip, 128] as const),
    );
    const network = prefix.chain(([ip, bits]) => fc.integer({ min: 0, max: bits }).map((size) => `${ip}/${size}`));
    const property = fc.property(
      fc.array(network, { minLength: 1, maxLength: 20 }),
      fc.context(),
      (written, context) => {
        // Those of IPv6 that begin with zeros have IPv4 addresses in them, as Node sees it.
        const networks = normalizeNetworks(written.filter((each) => !/^::|\/[0-9]$/.test(each)).concat('10.0.0.0/9'));
        context.log(networks.join());
        const list = new BlockList();
        for (const each of networks) {
          const [ip = '', size] = each.split('/');
          const family = isIPv4(ip) ? 'ipv4' : 'ipv6';
          list.addSubnet(ip, Number(size ?? (family === 'ipv4' ? 32 : 128)), family);
        }
        const neighbours = networks
          .map((each) => each.split('/')[0]!)
          .concat('10.127.255.255', '10.128.0.0', '2001:db8::');
        for (const ip of neighbours) {
          expect([ip, acceptsAddress(networks, ip)]).toEqual([ip, list.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6')]);
        }
      },
    );
    fc.assert(property, { numRuns: 50 * fuzz.factor, seed: fuzz.seed });
  });
});

describe('networks within others', () => {
  it.each([
    [null, null, true],
    [['10.0.0.1'], null, true],
    [null, ['0.0.0.0/0', '::/0'], false],
    [['10.0.0.0/9', '2001:db8::1'], ['10.0.0.0/8', '2001:db8::/32'], true],
    [['10.0.0.0/8'], ['10.0.0.0/8'], true],
    [['10.0.0.0/7'], ['10.0.0.0/8'], false],
    [['10.0.0.0/9', '192.0.2.1'], ['10.0.0.0/8'], false],
    [['10.0.0.0/8'], ['::/0'], false],
    [[], ['10.0.0.0/8'], true],
  ])('%j within %j: %p', (inner, outer, expected) => {
    expect(areNetworksWithin(inner, outer)).toBe(expected);
  });
});
