import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Logger, StreamableFile } from '@nestjs/common';
import { nameOf, stacksOf } from '../errors/fault-text.js';

const logger = new Logger('JsonArrayStream');

/**
 * An answer that is a JSON array, for a handler to return: the same bytes as of the whole array, written part by part. A
 * part is asked for when the client has taken the one before, and no more once the client is gone. An error ends the
 * connection in the middle of the answer, and is logged: what came of the array never looks complete.
 *
 * @param response - Node's own, which the answer goes out on.
 * @param parts - The text of an array of some items each, none of them empty; the first part should be at hand, since an
 *   error that comes before it can no longer be answered either.
 */
export function jsonArrayStream(response: ServerResponse, parts: AsyncIterable<string>): StreamableFile {
  const text = Readable.from(arrayText(parts), { objectMode: false });
  // Before any other listener: NestJS 11 on Express would end the answer as if it were whole.
  text.once('error', (error) => {
    response.destroy();
    logger.error(`Cut an answer off: ${nameOf(error)}`, stacksOf(error));
  });
  return new StreamableFile(text, { type: 'application/json; charset=utf-8' });
}

async function* arrayText(parts: AsyncIterable<string>): AsyncGenerator<string, void> {
  let before = '[';
  for await (const part of parts) {
    yield before + part.slice(1, -1);
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}
