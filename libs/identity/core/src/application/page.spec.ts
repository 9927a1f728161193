import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyCodePoint } from '../../testing/any-code-point.js';
import { IdentityError } from '../domain/identity-error.js';
import { anId } from '../testing/builders.js';
import { fromCursor, toCursor } from './page.js';

/** From jest.preset.mjs. */
declare const fuzz: { readonly seed: number; readonly factor: number };

const RUNS = { numRuns: 5_000 * fuzz.factor, seed: fuzz.seed };
const INVALID = expect.objectContaining({ code: 'cursor.invalid' });

const ID = anId();
const place = { createdAt: new Date('2026-01-02T03:04:05.678Z'), id: ID };
const cursor = toCursor(place);
const encode = (text: string) => Buffer.from(text, 'latin1').toString('base64url');

describe('a cursor', () => {
  it('leads back to its place', () => {
    const instant = fc.date({ min: new Date(0), max: new Date('5138-11-16T09:46:39.999Z'), noInvalidDate: true });
    fc.assert(
      fc.property(instant, fc.uuid(), (createdAt, id) => {
        const back = fromCursor(toCursor({ createdAt, id }));
        return back.createdAt.getTime() === createdAt.getTime() && back.id === id;
      }),
      RUNS,
    );
  });

  it('is one opaque word that needs no escaping in a URL', () => {
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it.each([
    ['junk', 'junk'],
    ['nothing', ''],
    ['a space', ' '],
    ['an id alone', ID],
    ['NUL', '\0'],
    ['a lone surrogate', '\ud800'],
    ['full-width letters', [...cursor].map((each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0)).join('')],
    ['standard base64', Buffer.from(`${place.createdAt.getTime()}.${ID}`).toString('base64')],
    ['padding', `${cursor}=`],
    ['a newline', `${cursor}\n`],
    ['white space inside', `${cursor.slice(0, 8)} ${cursor.slice(8)}`],
    ['a letter too many', `${cursor}A`],
    ['two of them', cursor + cursor],
    ['hexadecimal', Buffer.from(`0.${ID}`).toString('hex')],
  ])('is not %s', (_case, text) => {
    expect(() => fromCursor(text)).toThrow(INVALID);
  });

  it.each([
    ['without an instant', `.${ID}`],
    ['without an id', '0.'],
    ['with a leading zero', `00.${ID}`],
    ['with a sign', `+1.${ID}`],
    ['before 1970', `-1.${ID}`],
    ['of minus zero', `-0.${ID}`],
    ['with a fraction', `1.5.${ID}`],
    ['with an exponent', `1e3.${ID}`],
    ['beyond the years that databases know', `100000000000000.${ID}`],
    ['at the first instant of JavaScript', `-8640000000000000.${ID}`],
    ['beyond the last one', `8640000000000001.${ID}`],
    ['of a huge number', `${'9'.repeat(400)}.${ID}`],
    ['of NaN', `NaN.${ID}`],
    ['with an upper-case id', `0.${ID.toUpperCase().replace('0', 'A')}`],
    ['with a braced id', `0.{${ID}}`],
    ['with another id behind', `0.${ID}${ID}`],
    ['with SQL', `0.' OR 1=1 --`],
    ['with a newline', `0.${ID}\n`],
    ['with a byte that is no UTF-8', `0.${ID.slice(1)}\xff`],
  ])('is not one %s', (_case, text) => {
    expect(() => fromCursor(encode(text))).toThrow(INVALID);
  });

  it('has one spelling: whatever is taken for a cursor is exactly what its place is written as', () => {
    const edited = fc
      .tuple(fc.nat(cursor.length), fc.nat(2), fc.string({ unit: anyCodePoint, maxLength: 3 }))
      .map(([at, removed, inserted]) => cursor.slice(0, at) + inserted + cursor.slice(at + removed));
    const isRefusedOrCanonical = (text: string) => {
      try {
        return toCursor(fromCursor(text)) === text;
      } catch (error) {
        return error instanceof IdentityError && error.code === 'cursor.invalid';
      }
    };
    fc.assert(fc.property(fc.oneof(edited, fc.string({ unit: anyCodePoint })), isRefusedOrCanonical), RUNS);
  });
});
