import { pipeline, type Readable } from 'node:stream';
import { type CsvError, type Info, parse, type Parser } from 'csv-parse';
import { UsageError } from '../usage-error.js';
import { placeOfUnknownField, ROW_FIELDS, type RowFields, type SourceRow } from './source-row.js';

interface ParsedRecord {
  readonly record: RowFields;
  readonly info: Info & { readonly error?: CsvError };
}

/**
 * The rows of CSV (RFC 4180) whose first line names the columns. Throws `UsageError` for columns that no row can have. A
 * quote that is never closed ends the rows with one that says so.
 */
export async function* csvRows(bytes: Readable, maxRowBytes: number): AsyncGenerator<SourceRow> {
  let number = 0;
  let fault: SourceRow | undefined;
  const parser: Parser = parse({
    bom: true,
    columns: checkedColumns,
    info: true,
    max_record_size: maxRowBytes,
    // Found out by the first line alone, the others would be swallowed where they end otherwise.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    // As an error it would overtake the rows before it, which are parsed and still wait to be read.
    skip_records_with_error: true,
    on_skip: (error): undefined => {
      fault ??= { number: parser.info.records + 1, reason: reasonOf(error) };
    },
  });
  // An error reaches whoever reads the parser.
  for await (const parsed of pipeline(bytes, parser, () => undefined)) {
    number += 1;
    if (number === fault?.number) break;
    const { record, info } = parsed as ParsedRecord;
    yield info.error === undefined
      ? { number, fields: record }
      : { number, reason: 'It has another number of fields than the first line.' };
  }
  if (fault !== undefined) yield fault;
}

/** What stands in the first line is not repeated: where it is missing, that is a key. */
function checkedColumns(names: readonly string[]): string[] {
  const unknown = placeOfUnknownField(names);
  if (unknown > 0) throw new UsageError(`Column ${unknown} of the first line is none of ${ROW_FIELDS.join(', ')}.`);
  if (new Set(names).size < names.length) throw new UsageError('The first line names a column twice.');
  if (!names.includes('hash')) throw new UsageError('The first line names no column "hash".');
  return [...names];
}

/** Never the parser's own message: it may quote the row. */
function reasonOf(error: CsvError | undefined): string {
  const isEndless = error?.code === 'CSV_QUOTE_NOT_CLOSED' || error?.code === 'CSV_MAX_RECORD_SIZE';
  const what = isEndless ? 'A quote in it is never closed.' : `It is no CSV (${error?.code ?? 'unknown'}).`;
  return `${what} The rest of the file was not read.`;
}
