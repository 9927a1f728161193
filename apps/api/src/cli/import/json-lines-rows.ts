import type { Readable } from 'node:stream';
import { placeOfUnknownField, ROW_FIELDS, type RowFields, type SourceRow } from './source-row.js';

/**
 * The rows of JSON Lines: one JSON object a line; empty lines are none. A line that is longer than any row ends them
 * with one that says so.
 */
export async function* jsonLinesRows(bytes: Readable, maxCharacters: number): AsyncGenerator<SourceRow> {
  let number = 0;
  let rest = '';
  for await (const piece of bytes.setEncoding('utf8')) {
    const lines = (rest + String(piece)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (isEmpty(line)) continue;
      number += 1;
      yield { number, ...contentOf(line) };
    }
    if (rest.length > maxCharacters) {
      const reason = 'It is too long: JSON Lines have one object a line. The rest of the file was not read.';
      yield { number: number + 1, reason };
      return;
    }
  }
  if (!isEmpty(rest)) yield { number: number + 1, ...contentOf(rest) };
}

function isEmpty(line: string): boolean {
  return line.trim() === '';
}

function contentOf(line: string): { readonly fields: RowFields } | { readonly reason: string } {
  const value = parsed(line.replace(/^\uFEFF/, ''));
  if (value === undefined) return { reason: 'It is no JSON.' };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { reason: 'It is no JSON object.' };
  const unknown = placeOfUnknownField(Object.keys(value));
  if (unknown > 0) return { reason: `Field ${unknown} of it is none of ${ROW_FIELDS.join(', ')}.` };
  return { fields: value };
}

/** The value of a JSON text; undefined for another text. The parser's own message may quote the line. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
