import { TokenFormat } from '@feather-identity/core';
import { describe, expect, it } from '@jest/globals';
import { HashingQueue } from './hashing-queue.js';
import { BcryptVerifier } from './bcrypt-verifier.js';

const LOWEST_COST = 4;
const queue = new HashingQueue();
const damaged: string[] = [];
const verifier = new BcryptVerifier(LOWEST_COST, queue, (keyPrefix) => damaged.push(keyPrefix));
const format = new TokenFormat('fth', 'live');
const token = format.compose('aB3xY9zQ', 'A'.repeat(32));

describe('bcrypt', () => {
  it('sees the secret part alone, so that the public part may change', async () => {
    const hash = await verifier.hash(token);
    await expect(verifier.verify(token, hash)).resolves.toBe(true);
    await expect(verifier.verify(format.compose('ZZZZZZZZ', 'A'.repeat(32)), hash)).resolves.toBe(true);
    await expect(verifier.verify(format.compose('aB3xY9zQ', 'B'.repeat(32)), hash)).resolves.toBe(false);
  });

  it('takes 72 bytes and refuses more, whether to hash or to verify (KH5)', async () => {
    const longest = format.compose('aB3xY9zQ', 'x'.repeat(72));
    const hash = await verifier.hash(longest);
    await expect(verifier.verify(longest, hash)).resolves.toBe(true);
    for (const secret of ['x'.repeat(73), 'é'.repeat(37), '\u{1f44d}'.repeat(19)]) {
      const tooLong = format.compose('aB3xY9zQ', secret);
      await expect(verifier.hash(tooLong)).rejects.toThrow(RangeError);
      const checks = queue.checks;
      await expect(verifier.verify(tooLong, hash)).resolves.toBe(false);
      expect(queue.checks).toBe(checks);
    }
  });

  it('tells keys apart that are equal in their first 72 bytes (KH5)', async () => {
    const longestNames = new TokenFormat('n'.repeat(16), 'e'.repeat(16));
    const one = longestNames.compose('aB3xY9zQ', `${'A'.repeat(30)}BC`);
    const two = longestNames.compose('aB3xY9zQ', `${'A'.repeat(30)}DE`);
    expect(one.reveal().slice(0, 72)).toBe(two.reveal().slice(0, 72));
    const [hashOfOne, hashOfTwo] = [await verifier.hash(one), await verifier.hash(two)];
    await expect(verifier.verify(one, hashOfTwo)).resolves.toBe(false);
    await expect(verifier.verify(two, hashOfOne)).resolves.toBe(false);
  });

  it('refuses a stored hash of an absurd cost without hashing, and reports each (KH7)', async () => {
    const hash = await verifier.hash(token);
    const [checks, before] = [queue.checks, damaged.length];
    const costs = ['31', '20', '15', '03', '00', '99'];
    for (const cost of costs) {
      await expect(verifier.verify(token, hash.replace('$04$', `$${cost}$`))).resolves.toBe(false);
    }
    expect(queue.checks).toBe(checks);
    expect(damaged.slice(before)).toEqual(costs.map(() => 'fth_live_aB3xY9zQ'));
  });

  it('reports no hash that is in order', async () => {
    const before = damaged.length;
    await verifier.verify(format.compose('aB3xY9zQ', 'B'.repeat(32)), await verifier.hash(token));
    expect(damaged).toHaveLength(before);
  });

  it('takes its turn in the queue, and none when it was abandoned', async () => {
    const hash = await verifier.hash(token);
    const [hashes, checks] = [queue.hashes, queue.checks];
    await verifier.hash(token);
    await verifier.verify(token, hash, new AbortController().signal);
    await expect(verifier.verify(token, hash, AbortSignal.abort())).rejects.toMatchObject({
      code: 'hashing.overloaded',
    });
    expect([queue.hashes - hashes, queue.checks - checks, queue.abandoned]).toEqual([1, 1, 1]);
  });

  it.each(['', 'junk', '$2b$', `$2b$04$${'x'.repeat(52)}`, `$2b$04$${'x'.repeat(54)}`, '$2x$04$', '\0'])(
    'says no to the stored value %j',
    async (stored) => {
      await expect(verifier.verify(token, stored)).resolves.toBe(false);
    },
  );

  it('hashes at the cost it was given', async () => {
    await expect(new BcryptVerifier(5, queue).hash(token)).resolves.toMatch(/^\$2b\$05\$/);
  });
});
