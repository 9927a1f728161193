import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyScalar } from '../../testing/any-scalar.js';
import { UnreadableJsonError } from './decode.js';
import { type JsonValue, toPlain } from './json-value.js';
import { JsonSyntaxError, parseJson } from './parse.js';
import { writeJson } from './write.js';

/** From jest.preset.mjs. */
declare const fuzz: { readonly seed: number; readonly factor: number };

const RUNS = { numRuns: 10_000 * fuzz.factor, seed: fuzz.seed };

const PIECES = [
  ...['{', '}', '[', ']', ',', ':', '"', '\\', '\\u', '\\ud83d', '\\ude00', '\\ud800', '\\u12', '\\x', '/', "'"],
  ...['0', '-', '-0', '01', '1e', '1e400', '1.', '.5', '12345678901234567890', 'NaN', 'Infinity', '-Infinity', 'nul'],
  ...['true', 'null', ' ', '\t', '\n', '\r', '\0', '\u00a0', '\ufeff', '😀', 'é', '\u2028', '"__proto__":', '"_sa":1,'],
];

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat(3),
  inserted: fc.oneof(fc.constant(''), fc.constantFrom(...PIECES), fc.string({ unit: anyScalar, maxLength: 2 })),
});

/** JSON text after a few cuts and insertions; without any, it is JSON. */
const texts = fc
  .tuple(fc.json({ maxDepth: 4, stringUnit: anyScalar }), fc.array(edit, { maxLength: 3 }))
  .map(([json, edits]) =>
    edits.reduce((text, { at, removed, inserted }) => {
      const cut = Math.floor(at * text.length);
      return text.slice(0, cut) + inserted + text.slice(cut + removed);
    }, json),
  )
  // What UTF-8 can carry.
  .map((text) => Buffer.from(text).toString());

const encodings = fc.constantFrom<(text: string) => Buffer>(
  (text) => Buffer.from(text, 'utf8'),
  (text) => Buffer.from(text, 'utf16le'),
  (text) => Buffer.from(text, 'utf16le').swap16(),
  (text) => Buffer.from([...text].flatMap((character) => [...utf32(character.codePointAt(0) ?? 0)])),
);

function utf32(codePoint: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(codePoint);
  return bytes;
}

/** Bytes that once failed stay here, as `examples` of their property. */
const FAILED: [Buffer][] = [[Buffer.from([0x22, 0xed, 0xa0])], [Buffer.from('"\\ud800"')], [Buffer.from('\ufeff')]];

/** The value, or null for one of the reader's own errors; anything else is thrown on. */
function readOrRefuse(bytes: Buffer): { value: JsonValue } | null {
  try {
    return { value: parseJson(bytes) };
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof UnreadableJsonError) return null;
    throw error;
  }
}

function nativeOrRefuse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

describe('the reader of JSON bodies', () => {
  it('throws nothing but its own errors, whatever the bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array));
    const broken = fc.tuple(texts, encodings, fc.nat(2)).map(([text, encode, cut]) => {
      const encoded = encode(text.replace(/[^\p{ASCII}]/gu, ''));
      return encoded.subarray(0, Math.max(0, encoded.length - cut));
    });
    fc.assert(
      fc.property(fc.oneof(bytes, broken), (input) => {
        const read = readOrRefuse(input);
        if (read !== null) JSON.parse(writeJson(read.value));
      }),
      { ...RUNS, examples: FAILED },
    );
  });

  it('reads what JSON.parse reads, as the same value, and else only NaN, Infinity and other encodings', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const ours = readOrRefuse(Buffer.from(text));
        const native = nativeOrRefuse(text);
        // A NUL at the start tells UTF-16 or UTF-32, as in CPython.
        const isMore = /NaN|Infinity|^\ufeff/.test(text) || text.slice(0, 4).includes('\0');
        if (native === null) return ours === null || isMore;
        // As text, since a bigint has no -0.
        return ours !== null && JSON.stringify(toPlain(ours.value)) === JSON.stringify(native.value);
      }),
      { ...RUNS, examples: [['\u00002']] },
    );
  });

  it('reads the same in every encoding that it knows', () => {
    const ascii = texts.map((text) => text.replace(/[^\x01-\x7f]/g, '')).filter((text) => text.length > 1);
    fc.assert(
      fc.property(ascii, encodings, (text, encode) => {
        const [plain, encoded] = [readOrRefuse(Buffer.from(text)), readOrRefuse(encode(text))];
        expect(encoded === null ? null : writeJson(encoded.value)).toBe(plain === null ? null : writeJson(plain.value));
      }),
      { ...RUNS, numRuns: RUNS.numRuns / 2 },
    );
  });
});
