import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { collected, inPieces } from '../../../testing/in-pieces.js';
import { jsonLinesRows } from './json-lines-rows.js';

const LIMIT = 1000;

const rowsOf = (text: string) => collected(jsonLinesRows(inPieces(text), LIMIT));

describe('rows of JSON Lines', () => {
  it.each(['\n', '\r\n', '\n\n \n'])('are objects, one a line, apart by %j', async (end) => {
    const text = `\uFEFF{"hash":"h1","name":"Zoë 鍵 🔑","scopes":["a:b"]}${end}{"hash":"h2","expires_at":null}`;
    const rows = [
      { number: 1, fields: { hash: 'h1', name: 'Zoë 鍵 🔑', scopes: ['a:b'] } },
      { number: 2, fields: { hash: 'h2', expires_at: null } },
    ];
    expect(await rowsOf(text)).toEqual(rows);
    expect(await rowsOf(text + end)).toEqual(rows);
  });

  it.each([
    ['{"hash":"secret"', 'It is not valid JSON.'],
    ["{'hash':'secret'}", 'It is not valid JSON.'],
    ['["secret"]', 'It is not a JSON object.'],
    ['null', 'It is not a JSON object.'],
    ['"secret"', 'It is not a JSON object.'],
    ['{"hash":"secret","expiresAt":"2027-01-01T00:00:00Z"}', 'Field 2 of it is not one of organization_id, '],
    ['{"hash":"secret","__proto__":{"name":"x"}}', 'Field 2 of it is not one of organization_id, '],
    ['{"secret":"hash"}', 'Field 1 of it is not one of organization_id, '],
  ])('are refused for what they are, without a word of it, and the next one is read: %s', async (line, reason) => {
    const [first, second] = await rowsOf(`${line}\n{"hash":"h2"}\n`);
    expect(first).toEqual({ number: 1, reason: expect.stringContaining(reason) });
    expect(JSON.stringify(first)).not.toContain('secret');
    expect(second).toEqual({ number: 2, fields: { hash: 'h2' } });
  });

  it('end at a line that is longer than any row, as in one big array, and say so', async () => {
    const rows = await rowsOf(`{"hash":"h1"}\n[${'{"hash":"secret"},'.repeat(LIMIT)}`);
    expect(rows).toEqual([
      { number: 1, fields: { hash: 'h1' } },
      {
        number: 2,
        reason: 'It is too long: JSON Lines have one object a line. The rest of the file was not read.',
      },
    ]);
  });

  it('fail with the file', async () => {
    const broken = new Readable({ read: () => broken.destroy(new Error('EIO')) });
    await expect(collected(jsonLinesRows(broken, LIMIT))).rejects.toThrow('EIO');
  });
});
