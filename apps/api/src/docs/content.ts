import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** For content whose address changes with it. */
export const FOR_A_YEAR = 'public, max-age=31536000, immutable';

/** Kept, but used only if the service says that it is still the same. */
export const REVALIDATED = 'no-cache';

/** An answer, in both encodings. */
export interface Content {
  readonly plain: Buffer;
  readonly gzipped: Buffer;
  readonly digest: string;
}

/** Makes an answer of bytes. */
export async function contentOf(bytes: string | Buffer): Promise<Content> {
  const plain = Buffer.from(bytes);
  return { plain, gzipped: await promisify(gzip)(plain), digest: digestOf(plain) };
}

/** What tells content from other content. */
export function digestOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 16);
}

/** Sends content, or 304 to a client that has it. All answers share the same bytes. */
export function sendContent(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { plain, gzipped, digest }: Content,
  type: string,
): FastifyReply {
  void reply.headers({
    // Weak, since it stands for both encodings.
    ETag: `W/"${digest}"`,
    // Beside `Origin`, where pages of other origins are answered.
    Vary: [reply.getHeader('Vary'), 'Accept-Encoding'].filter((name) => name !== undefined).join(', '),
  });
  if (headers['if-none-match']?.includes(`"${digest}"`) === true) return reply.status(304).send();
  void reply.type(type);
  if (!acceptsGzip(headers['accept-encoding'])) return reply.send(plain);
  return reply.header('Content-Encoding', 'gzip').send(gzipped);
}

/** Whether a client names gzip, and not with the weight 0 (RFC 9110 section 12.5.3). */
function acceptsGzip(encodings: string | string[] | undefined): boolean {
  return /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))|,|$)/i.test(String(encodings ?? ''));
}
