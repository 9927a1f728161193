import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { codeOf } from '../../environment/error-code.js';
import { UsageError } from '../usage-error.js';
import { csvRows } from './csv-rows.js';
import { jsonLinesRows } from './json-lines-rows.js';
import type { SourceRow } from './source-row.js';

/** The formats of files with keys. */
export const FORMATS = ['csv', 'jsonl'] as const;

/** One of `FORMATS`. */
export type Format = (typeof FORMATS)[number];

const FORMAT_OF: Readonly<Record<string, Format>> = { '.csv': 'csv', '.jsonl': 'jsonl', '.ndjson': 'jsonl' };

/** A key takes some hundred bytes. Whatever is longer than this is no row, and must not fill the memory. */
const MAX_ROW_BYTES = 1_048_576;

/** A file with keys, read once from its beginning. */
export interface SourceFile {
  readonly rows: AsyncIterable<SourceRow>;
  readonly bytes: number;
  /** Bytes read so far. */
  bytesRead(): number;
}

/** Opens a file with keys. Throws `UsageError` where there is none, or where its format is not known. */
export async function openSource(path: string, given?: Format): Promise<SourceFile> {
  const format = given ?? FORMAT_OF[extname(path).toLowerCase()];
  if (format === undefined)
    throw new UsageError(`The name of the file does not tell its format: give --format csv or jsonl.`);
  const bytes = await sizeOf(path);
  const stream = createReadStream(path);
  const rows = format === 'csv' ? csvRows(stream, MAX_ROW_BYTES) : jsonLinesRows(stream, MAX_ROW_BYTES);
  return { rows, bytes, bytesRead: () => stream.bytesRead };
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((error: unknown) => {
    throw new UsageError(`The file cannot be read (${codeOf(error)}).`);
  });
  if (!found.isFile()) throw new UsageError('The file cannot be read: it is none.');
  return found.size;
}
