import { describe, expect, it } from '@jest/globals';
import { IdentityError } from './identity-error.js';
import { environmentOf, longestKeyPrefix } from './key-prefix.js';
import { TokenFormat } from './token-format.js';

const live = new TokenFormat('fth', 'live');
const SAMPLE = 'fth_live_aB3xY9zQZk3v9QpXw7LmT2cRbN5yHs8DfGa1JeUo2xoeyk';

/** Checksums worked out with Python's zlib.crc32 and a separate base62 of `0-9A-Za-z`. */
const VECTORS = [
  ['fth', 'live', 'aB3xY9zQ', 'Zk3v9QpXw7LmT2cRbN5yHs8DfGa1JeUo', '2xoeyk'],
  ['fth', 'test', '00000000', '0'.repeat(32), '2mL31r'],
  ['fth', 'live', 'zzzzzzzz', 'z'.repeat(32), '2jKzmM'],
  ['fth', 'live', '00000310', 'A'.repeat(32), '00roYq'],
  ['acme', 'prod', 'Qw3rTy12', 'abcdefghijklmnopqrstuvwxyz012345', '2LrLMX'],
] as const;

/** Second spellings of a valid token; none of them may be accepted (KH4). */
const TWINS: Readonly<Record<string, string>> = {
  'all in lower case': SAMPLE.toLowerCase(),
  'all in upper case': SAMPLE.toUpperCase(),
  'with an upper-case namespace': SAMPLE.replace('fth', 'FTH'),
  'with a full-width digit': SAMPLE.replace('3', '３'),
  'with a mathematical letter': SAMPLE.replace('Z', '𝐙'),
  'with a newline behind': `${SAMPLE}\n`,
  'with a carriage return behind': `${SAMPLE}\r\n`,
  'with a space behind': `${SAMPLE} `,
  'with a space in front': ` ${SAMPLE}`,
  'with a NUL behind': `${SAMPLE}\0`,
  'with a zero-width space inside': `${SAMPLE.slice(0, 20)}\u200b${SAMPLE.slice(20)}`,
  'with a byte order mark in front': `\ufeff${SAMPLE}`,
  'in quotes': `"${SAMPLE}"`,
  'after another line': `junk\n${SAMPLE}`,
  'twice, as two headers are joined': `${SAMPLE}, ${SAMPLE}`,
  'after a scheme': `Bearer ${SAMPLE}`,
  'without its checksum': SAMPLE.slice(0, -6),
  'without its last character': SAMPLE.slice(0, -1),
  'with a character more': `${SAMPLE}0`,
  'with hyphens for underscores': SAMPLE.replaceAll('_', '-'),
};

const NO_TOKENS = ['', ' ', 'null', 'undefined', 'fth_live_', '__', 'x'.repeat(100_000), 'constructor', '../../etc'];

describe('a token', () => {
  it.each(VECTORS)(
    'of %s_%s_ %s %s ends in the checksum %s',
    (namespace, environment, publicPart, secret, checksum) => {
      const format = new TokenFormat(namespace, environment);
      const text = `${namespace}_${environment}_${publicPart}${secret}${checksum}`;
      expect(format.compose(publicPart, secret).reveal()).toBe(text);
      expect(format.parse(text)?.reveal()).toBe(text);
    },
  );

  it('is taken apart into its public part and its secret', () => {
    const token = live.parse(SAMPLE);
    expect(token?.keyPrefix).toBe('fth_live_aB3xY9zQ');
    expect(token?.secret).toBe('Zk3v9QpXw7LmT2cRbN5yHs8DfGa1JeUo');
  });

  it.each(Object.entries(TWINS))('is not accepted %s', (_, twin) => {
    expect(live.parse(SAMPLE)).not.toBeNull();
    expect(live.parse(twin)).toBeNull();
  });

  it('has no second spelling that differs in the case of one letter', () => {
    for (let i = 0; i < SAMPLE.length; i += 1) {
      const character = SAMPLE.charAt(i);
      const swapped = character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase();
      if (swapped !== character) expect(live.parse(SAMPLE.slice(0, i) + swapped + SAMPLE.slice(i + 1))).toBeNull();
    }
  });

  it('is not accepted with its checksum unpadded', () => {
    const padded = live.compose('00000310', 'A'.repeat(32)).reveal();
    expect(live.parse(padded)).not.toBeNull();
    expect(live.parse(padded.replace('00roYq', 'roYq'))).toBeNull();
    expect(live.parse(padded.replace('00roYq', '0roYq'))).toBeNull();
  });

  it('is not accepted in another environment or namespace, though its checksum holds', () => {
    const foreign = new TokenFormat('fth', 'test').compose('aB3xY9zQ', 'A'.repeat(32)).reveal();
    const stranger = new TokenFormat('abc', 'live').compose('aB3xY9zQ', 'A'.repeat(32)).reveal();
    expect(live.parse(foreign)).toBeNull();
    expect(live.parse(stranger)).toBeNull();
  });

  it.each(NO_TOKENS)('is not read from %j', (text) => {
    expect(live.parse(text)).toBeNull();
  });
});

describe('a token format', () => {
  it.each(['', 'a', 'A1', '1a', 'a_b', 'a-b', 'a.b', 'ab ', 'a'.repeat(17), 'é1', '(a|b)'])(
    'refuses the name %j',
    (name) => {
      for (const make of [() => new TokenFormat(name, 'live'), () => new TokenFormat('fth', name)]) {
        expect(make).toThrow(expect.objectContaining({ code: 'token.format_invalid' }));
        expect(make).toThrow(IdentityError);
      }
    },
  );

  it.each([undefined, null])('refuses %p in place of a name', (name) => {
    for (const make of [
      () => new TokenFormat(name as unknown as string, 'live'),
      () => new TokenFormat('fth', name as unknown as string),
      () => new TokenFormat('fth', 'live', name as unknown as string),
    ])
      expect(make).toThrow(expect.objectContaining({ code: 'token.format_invalid' }));
  });

  it('with several environments takes the tokens of each, and makes those of the first', () => {
    const format = new TokenFormat('fth', 'live', 'sandbox');
    const [first, second] = [undefined, 'sandbox'].map((environment) =>
      format.compose('aB3xY9zQ', 'A'.repeat(32), environment),
    );
    expect([first?.keyPrefix, second?.keyPrefix]).toEqual(['fth_live_aB3xY9zQ', 'fth_sandbox_aB3xY9zQ']);
    for (const token of [first!, second!]) {
      const text = token.reveal();
      expect([format.parse(text)?.keyPrefix, format.hasLength(text)]).toEqual([token.keyPrefix, true]);
      expect([format.resembles(text), format.isKeyPrefix(token.keyPrefix)]).toEqual([true, true]);
      expect(environmentOf(token.keyPrefix)).toBe(token === first ? 'live' : 'sandbox');
    }
    // The checksum is over the environment, too.
    expect(format.parse(first!.reveal().replace('_live_', '_sandbox_'))).toBeNull();
    expect(format.parse(new TokenFormat('fth', 'test').compose('aB3xY9zQ', 'A'.repeat(32)).reveal())).toBeNull();
    expect(longestKeyPrefix(second!.reveal(), format)).toBe('fth_sandbox_aB3xY9zQ'.length);
  });

  it('takes names of 2 to 16 characters', () => {
    const longest = new TokenFormat('a'.repeat(16), 'b'.repeat(16)).compose('aB3xY9zQ', 'A'.repeat(32));
    expect(new TokenFormat('ab', 'c1').compose('aB3xY9zQ', 'A'.repeat(32)).keyPrefix).toBe('ab_c1_aB3xY9zQ');
    expect(longest.keyPrefix).toHaveLength(16 + 1 + 16 + 1 + 8);
  });
});
