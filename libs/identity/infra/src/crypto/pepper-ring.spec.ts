import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { generatePepper, PepperFormatError, PepperRing } from './pepper-ring.js';

const KEY = Buffer.alloc(32, 7).toString('base64url');
const CANARY = 'c4nary';

describe('a pepper ring', () => {
  it('has the first entry as its current pepper and finds all of them', () => {
    const ring = PepperRing.parse(`2:${KEY}, 1:${Buffer.alloc(40, 8).toString('base64url')}\n`);
    expect(ring.current).toMatchObject({ id: expect.stringMatching(/^v2\./), key: Buffer.alloc(32, 7) });
    expect(ring.find(ring.current.id)).toBe(ring.current);
    expect(ring.find('v3.xxxxxxxx')).toBeUndefined();
    expect(ring.ids).toEqual([ring.current.id, expect.stringMatching(/^v1\./)]);
  });

  it('names a pepper by version and material', () => {
    const [one, two] = [PepperRing.parse(generatePepper(1)), PepperRing.parse(generatePepper(1))];
    expect(one.current.id).toMatch(/^v1\.[\w-]{8}$/);
    expect(one.current.id).not.toBe(two.current.id);
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['a key without a version', KEY],
    ['a version without a key', '1:'],
    ['version 0', `0:${KEY}`],
    ['a version with a leading zero', `01:${KEY}`],
    ['a negative version', `-1:${KEY}`],
    ['31 bytes', `1:${Buffer.alloc(31).toString('base64url')}`],
    ['other text', `1:${CANARY}`],
    ['base64 that is not base64url', `1:${'+/'.repeat(22)}`],
    ['an empty entry', `1:${KEY},`],
    ['a pepper twice', `1:${KEY},1:${KEY}`],
    ['a second entry that is none', `1:${KEY},${CANARY}`],
    ['two keys in one entry', `1:${KEY}:${CANARY}`],
  ])('is refused for %s, and the error holds none of the text', (_, text) => {
    const parse = () => PepperRing.parse(text);
    expect(parse).toThrow(PepperFormatError);
    try {
      parse();
    } catch (error) {
      expect(inspect(error, { depth: Infinity })).not.toContain(CANARY);
      expect(inspect(error, { depth: Infinity })).not.toContain(KEY);
    }
  });

  it('takes two peppers of one version: a file that was lost and one that was made in its place', () => {
    const other = Buffer.alloc(32, 9).toString('base64url');
    const ring = PepperRing.parse(`1:${other},1:${KEY}`);
    const lost = PepperRing.parse(`1:${KEY}`).current;
    expect(ring.current.id).not.toBe(lost.id);
    expect(ring.find(lost.id)).toEqual(lost);
  });

  it('is made from 32 random bytes', () => {
    expect(Buffer.from(generatePepper(7).slice(2), 'base64url')).toHaveLength(32);
    expect(generatePepper(1)).not.toBe(generatePepper(1));
  });
});
