import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyScalar } from '../../testing/any-scalar.js';
import { UnreadableJsonError } from './decode.js';
import { JsonSyntaxError, parseJson } from './parse.js';
import { writeJson } from './write.js';

const read = (text: string): string => writeJson(parseJson(Buffer.from(text)));

describe('parseJson', () => {
  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: anyScalar }), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(writeJson(parseJson(Buffer.from(text))))).toEqual(JSON.parse(text.replaceAll('"_sa', '"_s')));
      }),
    );
  });

  it('throws nothing but its two errors on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          parseJson(Buffer.from(bytes));
        } catch (error) {
          expect(error instanceof JsonSyntaxError || error instanceof UnreadableJsonError).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['1.0', '1.0'],
    ['-0', '0'],
    ['-0.0', '-0.0'],
    ['1e16', '1e+16'],
    ['123456789012345.6', '123456789012345.6'],
    ['0.00001', '1e-05'],
    ['0.0001', '0.0001'],
    ['1E400', 'null'],
    ['NaN', 'null'],
    ['12345678901234567890123', '12345678901234567890123'],
    ['"\\ud83d\\ude00"', '"😀"'],
    ['"\\ud800"', '"\uFFFD"'],
    ['{"b":1,"1":2,"b":3}', '{"b":3,"1":2}'],
    ['{"__proto__":{"x":1},"_sa_x":[{"_sa":1}],"y":[{"_sa":1}]}', '{"__proto__":{"x":1},"y":[{}]}'],
  ])('echoes %s as Python does', (text, echo) => {
    expect(read(text)).toBe(echo);
  });

  it('leaves every prototype as it was', () => {
    parseJson(Buffer.from('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'));
    expect('polluted' in {}).toBe(false);
  });

  it.each([
    ['[1,]', 'Expecting value', 3],
    ['{"a":1,}', 'Expecting property name enclosed in double quotes', 7],
    ['"😀\\q"', 'Invalid \\escape', 2],
    ['"\\u12"', 'Invalid \\uXXXX escape', 2],
    ['"a\nb"', 'Invalid control character at', 2],
    ['01', 'Extra data', 1],
  ])('names the error and its code point: %j', (text, message, position) => {
    expect(() => parseJson(Buffer.from(text))).toThrow(expect.objectContaining({ message, position }));
  });

  it.each([
    ['nesting of 100,000 levels', Buffer.from('['.repeat(100_000))],
    ['an integer of 4,301 digits', Buffer.from('1'.repeat(4_301))],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['half a UTF-16 unit', Buffer.from([0xff, 0xfe, 0x22])],
  ])('cannot read %s, and says so at once', (_what, bytes) => {
    const start = performance.now();
    expect(() => parseJson(bytes)).toThrow(UnreadableJsonError);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
