import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Logger, StreamableFile } from '@nestjs/common';
import { nameOf, stacksOf } from '../errors/error-text.js';
import { JSON_TYPE } from './json-type.js';
import type { JsonValue } from './json-value.js';

// SQLAlchemy's bookkeeping keys, which FastAPI's jsonable_encoder leaves out of everything it echoes.
const HIDDEN_KEY = '_sa';

/** Writes JSON as Python's json.dumps(ensure_ascii=False) does, without the keys that FastAPI never echoes. */
export function writeJson(value: JsonValue): string {
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'bigint':
      return value.toString();
    case 'number':
      return writeFloat(value);
    case 'boolean':
      return String(value);
    default:
      return value === null ? 'null' : writeContainer(value);
  }
}

function writeContainer(value: JsonValue[] | Map<string, JsonValue>): string {
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  const entries = [...value].filter(([key]) => !key.startsWith(HIDDEN_KEY));
  return `{${entries.map(([key, item]) => `${writeString(key)}:${writeJson(item)}`).join(',')}}`;
}

function writeString(text: string): string {
  // A lone surrogate has no UTF-8 form, and many parsers refuse its escape: FastAPI answers 500 here, we do not.
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
}

function writeFloat(value: number): string {
  // JSON has no NaN or Infinity; FastAPI answers 500 here, we echo null.
  if (!Number.isFinite(value)) return 'null';
  if (Object.is(value, -0)) return '-0.0';
  const [digits, power] = value.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  // The bounds of Python's repr(float).
  if (exponent >= -4 && exponent < 16) return Number.isInteger(value) ? `${value}.0` : String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

const logger = new Logger('TextStream');

/** The headers of a text that is written part by part. */
export interface TextHeaders {
  /** Content-Type. */
  readonly type: string;
  /** Content-Disposition. Default: none. */
  readonly disposition?: string;
}

/**
 * Writes a text part by part. The next part is taken from `parts` when the client has read the one before, and none when
 * the client is gone. An error is logged and ends the connection in the middle of the answer, so that what the client has
 * never looks complete.
 *
 * @param response - Node's response, on which the answer is sent.
 * @param parts - Have the first part ready: an error before it ends the connection, too.
 * @returns The stream that the handler returns.
 */
export function textStream(
  response: ServerResponse,
  headers: TextHeaders,
  parts: AsyncIterable<string>,
): StreamableFile {
  const text = Readable.from(parts, { objectMode: false });
  // Before any other listener, since NestJS 11 on Express would end the answer as if it were complete.
  text.once('error', (error) => {
    response.destroy();
    logger.error(`Cut an answer off: ${nameOf(error)}`, stacksOf(error));
  });
  return new StreamableFile(text, { ...headers });
}

/**
 * Writes a JSON array part by part, as `textStream` does, with the bytes that the whole array would have.
 *
 * @param parts - Each the JSON text of an array of some items, none of them empty.
 */
export function jsonArrayStream(response: ServerResponse, parts: AsyncIterable<string>): StreamableFile {
  return textStream(response, { type: JSON_TYPE }, arrayText(parts));
}

async function* arrayText(parts: AsyncIterable<string>): AsyncGenerator<string, void> {
  let before = '[';
  for await (const part of parts) {
    yield before + part.slice(1, -1);
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}
