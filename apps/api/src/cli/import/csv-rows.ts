import { pipeline, type Readable } from 'node:stream';
import { type CsvError, type Info, parse, type Parser } from 'csv-parse';
import { UsageError } from '../usage-error.js';
import { placeOfUnknownField, ROW_FIELDS, type RowFields, type SourceRow } from './source-row.js';

interface ParsedRecord {
  readonly record: RowFields;
  readonly info: Info & { readonly error?: CsvError };
}

/**
 * Reads CSV (RFC 4180) whose first line names the columns. Throws `UsageError` for unknown columns. If a quote is never
 * closed, the last row says so.
 */
export async function* csvRows(bytes: Readable, maxRowBytes: number): AsyncGenerator<SourceRow> {
  let number = 0;
  let fault: SourceRow | undefined;
  const parser: Parser = parse({
    bom: true,
    columns: checkedColumns,
    info: true,
    max_record_size: maxRowBytes,
    // By default the first line decides, and lines with another end would be joined.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    // An error event would overtake parsed rows that are not read yet.
    skip_records_with_error: true,
    on_skip: (error): undefined => {
      fault ??= { number: parser.info.records + 1, reason: reasonOf(error) };
    },
  });
  // Errors reach the reader of the parser.
  for await (const parsed of pipeline(bytes, parser, () => undefined)) {
    number += 1;
    if (number === fault?.number) break;
    const { record, info } = parsed as ParsedRecord;
    yield info.error === undefined
      ? { number, fields: record }
      : { number, reason: 'It does not have as many fields as the first line.' };
  }
  if (fault !== undefined) yield fault;
}

/** Never repeats the first line: if the header is missing, that line is a key. */
function checkedColumns(names: readonly string[]): string[] {
  const unknown = placeOfUnknownField(names);
  if (unknown > 0) throw new UsageError(`Column ${unknown} of the first line is not one of ${ROW_FIELDS.join(', ')}.`);
  if (new Set(names).size < names.length) throw new UsageError('The first line names a column twice.');
  if (!names.includes('hash')) throw new UsageError('The first line names no column "hash".');
  return [...names];
}

/** Without the message of the parser, which may quote the row. */
function reasonOf(error: CsvError | undefined): string {
  const isEndless = error?.code === 'CSV_QUOTE_NOT_CLOSED' || error?.code === 'CSV_MAX_RECORD_SIZE';
  const what = isEndless ? 'A quote in it is never closed.' : `It is not valid CSV (${error?.code ?? 'unknown'}).`;
  return `${what} The rest of the file was not read.`;
}
