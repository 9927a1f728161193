import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { collected, inPieces } from '../../../testing/in-pieces.js';
import { UsageError } from '../usage-error.js';
import { csvRows } from './csv-rows.js';

const LIMIT = 1000;

const rowsOf = (content: string | Buffer) => collected(csvRows(inPieces(content), LIMIT));

describe('rows of CSV', () => {
  it('have the fields that the first line names', async () => {
    expect(await rowsOf('hash,name\nh1,First\nh2,Second\n')).toEqual([
      { number: 1, fields: { hash: 'h1', name: 'First' } },
      { number: 2, fields: { hash: 'h2', name: 'Second' } },
    ]);
  });

  it.each([
    ['quotes, commas and line breaks', 'hash,name\nh1,"Jo ""J"", \nthe first"\nh2,b', ['Jo "J", \nthe first', 'b']],
    ['the line ends of Windows', 'hash,name\r\nh1,a\r\nh2,b\r\n', ['a', 'b']],
    ['line ends of both kinds', 'hash,name\r\nh1,a\nh2,b\n', ['a', 'b']],
    ['a byte order mark', '\uFEFFhash,name\nh1,a\nh2,b\n', ['a', 'b']],
    ['characters of several bytes', 'hash,name\nh1,Zoë 鍵 🔑\nh2,b', ['Zoë 鍵 🔑', 'b']],
    ['empty lines', 'hash,name\n\nh1,a\n\n\nh2,b\n\n', ['a', 'b']],
    ['quotes inside a value', 'hash,name\nh1,5" disk\nh2,b\n', ['5" disk', 'b']],
  ])('are read with %s', async (_what, text, names) => {
    const rows = await rowsOf(text);
    expect(rows.map((row) => ('fields' in row ? row.fields.name : row))).toEqual(names);
    expect(rows.map(({ number }) => number)).toEqual([1, 2]);
  });

  it('are read from UTF-16 too, as Excel writes it', async () => {
    const [row] = await rowsOf(Buffer.from('\uFEFFhash,name\nh1,Zoë\n', 'utf16le'));
    expect(row).toEqual({ number: 1, fields: { hash: 'h1', name: 'Zoë' } });
  });

  it('with another number of fields are refused, and the next one is read', async () => {
    const rows = await rowsOf('hash,name\nh1\nh2,a,secret\nh3,b\n');
    const reason = 'It does not have as many fields as the first line.';
    expect(rows).toEqual([
      { number: 1, reason },
      { number: 2, reason },
      { number: 3, fields: { hash: 'h3', name: 'b' } },
    ]);
  });

  it.each([
    ['in the whole file', 'secret\n'],
    ['for longer than any row', 'secret\n'.repeat(LIMIT)],
    ['for longer than any row, whatever comes then', `${'secret\n'.repeat(LIMIT)}"\nh3,"b"\nh4,c\n`],
  ])('end at a quote that is not closed %s, and say so', async (_what, rest) => {
    for (const pieceBytes of [7, 100_000]) {
      const rows = await collected(csvRows(inPieces(`hash,name\nh0,\nh1,a\nh2,"${rest}`, pieceBytes), LIMIT));
      expect(rows).toEqual([
        { number: 1, fields: { hash: 'h0', name: '' } },
        { number: 2, fields: { hash: 'h1', name: 'a' } },
        { number: 3, reason: 'A quote in it is never closed. The rest of the file was not read.' },
      ]);
    }
  });

  it.each([
    ['', []],
    ['hash,name\n', []],
  ])('are none in %j', async (text, rows) => {
    expect(await rowsOf(text)).toEqual(rows);
  });

  it.each([
    ['a column that no row can have', 'hash,expiresAt\n', 'Column 2 of the first line is not one of organization_id, '],
    ['a column twice', 'hash,name,name\n', 'The first line names a column twice.'],
    ['no column for the hash', 'name,scopes\n', 'The first line names no column "hash".'],
    ['keys without a first line', 'secret,CI\n', 'Column 1 of the first line is not one of organization_id, '],
  ])('are not begun with %s', async (_what, text, message) => {
    const begun = rowsOf(`${text}h1,a\n`);
    await expect(begun).rejects.toBeInstanceOf(UsageError);
    await expect(begun).rejects.toThrow(message);
    await expect(begun).rejects.not.toThrow('secret');
  });

  it('fail with the file', async () => {
    const broken = new Readable({ read: () => broken.destroy(new Error('EIO')) });
    await expect(collected(csvRows(broken, LIMIT))).rejects.toThrow('EIO');
  });
});
