import { type FileHandle, open, stat } from 'node:fs/promises';
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

/** A row has some hundred bytes. A longer one than this is refused, so that it cannot fill the memory. */
const MAX_ROW_BYTES = 1_048_576;

/** A file with keys, read once from its beginning. */
export interface SourceFile {
  readonly rows: AsyncIterable<SourceRow>;
  readonly bytes: number;
  /** Bytes read so far. */
  bytesRead(): number;
  /** Stops reading. */
  close(): void;
}

/**
 * Opens a file with keys and reads its first row. Throws `UsageError` if it has no row, cannot be read, names unknown
 * columns, or has an unknown format.
 */
export async function openSource(path: string, given?: Format): Promise<SourceFile> {
  const format = given ?? FORMAT_OF[extname(path).toLowerCase()];
  if (format === undefined)
    throw new UsageError(`The file name does not show the format: add --format csv or --format jsonl.`);
  const file = await openFile(path);
  const { size: bytes } = await file.stat();
  const stream = file.createReadStream();
  const rows = format === 'csv' ? csvRows(stream, MAX_ROW_BYTES) : jsonLinesRows(stream, MAX_ROW_BYTES);
  const first = await rows.next().catch(unreadable);
  if (first.done === true) throw new UsageError('The file has no rows.');
  const close = (): void => void stream.destroy();
  return { rows: following(first.value, rows), bytes, bytesRead: () => stream.bytesRead, close };
}

async function openFile(path: string): Promise<FileHandle> {
  // Opening a pipe would wait for a writer.
  const found = await stat(path).catch(unreadable);
  if (!found.isFile()) throw new UsageError('The file cannot be read: it is not a regular file.');
  return open(path).catch(unreadable);
}

function unreadable(error: unknown): never {
  if (error instanceof UsageError) throw error;
  throw new UsageError(`The file cannot be read (${codeOf(error)}).`);
}

async function* following(first: SourceRow, rows: AsyncIterable<SourceRow>): AsyncGenerator<SourceRow> {
  yield first;
  yield* rows;
}
