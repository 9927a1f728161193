import type { Readable } from 'node:stream';
import { placeOfUnknownField, ROW_FIELDS, type RowFields, type SourceRow } from './source-row.js';

/**
 * Reads JSON Lines: one JSON object on each line; empty lines are skipped. If a line is too long, the last row says so and
 * the rest is not read.
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
  if (value === undefined) return { reason: 'It is not valid JSON.' };
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { reason: 'It is not a JSON object.' };
  const unknown = placeOfUnknownField(Object.keys(value));
  if (unknown > 0) return { reason: `Field ${unknown} of it is not one of ${ROW_FIELDS.join(', ')}.` };
  return { fields: value };
}

/** The value of a JSON text; undefined for any other text. The error of the parser is dropped: it may quote the line. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
