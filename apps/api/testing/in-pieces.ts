import { Readable } from 'node:stream';

/** These bytes as a file gives them, but in pieces that are much smaller. */
export function inPieces(content: string | Buffer, pieceBytes = 7): Readable {
  const bytes = Buffer.from(content);
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, at) =>
    bytes.subarray(at * pieceBytes, (at + 1) * pieceBytes),
  );
  return Readable.from(pieces);
}

/** Everything that comes, in order. */
export async function collected<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
