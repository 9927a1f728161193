import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { CONSOLE_PATH, publicRoute } from '@feather-identity/http';
import { NotFoundException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Content, contentOf, FOR_A_YEAR, REVALIDATED, sendContent } from '../docs/content.js';

/** Files of a build that are served. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** The one page. It finds its files relative to its `<base>`. */
const INDEX = 'index.html';
const BASE = /<base href="\/console\/"/;

/** Below it, names change with the content. */
const ASSETS = 'assets/';

/** Below it is the API, which has no pages. */
const API = /^api(?:\/|$)/;

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  // A page of another site that opened this one has no handle on its window.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Fastify answers HEAD like GET, without the body. */
const ROUTE = { ...publicRoute, exposeHeadRoute: true };

interface ServedFile {
  readonly content: Content;
  readonly type: string;
}

/** Whether a folder has a build of the console. */
export function hasConsole(folder: string): boolean {
  return existsSync(join(folder, INDEX));
}

/**
 * Serves the page of the console, for each address below `/console` that is no file of it. The files are read at the first
 * request, because most processes get none.
 *
 * @param folder - of the build
 * @param prefix - the path of PUBLIC_URL, without a slash at its end
 */
export function serveConsole(app: NestFastifyApplication, folder: string, prefix: string): void {
  const fastify = app.getHttpAdapter().getInstance();
  let reading: Promise<ReadonlyMap<string, ServedFile>> | undefined;
  const serve = async (path: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (API.test(path)) throw new NotFoundException();
    reading ??= filesIn(folder, prefix).catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    const files = await reading;
    const isAsset = path.startsWith(ASSETS);
    const file = files.get(path) ?? (isAsset ? undefined : files.get(INDEX));
    if (file === undefined) throw new NotFoundException();
    void reply.headers({ ...HEADERS, 'Cache-Control': isAsset ? FOR_A_YEAR : REVALIDATED });
    // For its own origin alone, whichever pages of other origins may use the API.
    void reply.removeHeader('Access-Control-Allow-Origin');
    return sendContent(request, reply, file.content, file.type);
  };
  fastify.get(CONSOLE_PATH, ROUTE, (request, reply) => serve('', request, reply));
  fastify.get<{ Params: { readonly '*': string } }>(`${CONSOLE_PATH}/*`, ROUTE, (request, reply) =>
    serve(request.params['*'], request, reply),
  );
}

/** The files by their paths. Only these can be asked for, however a path is spelled. */
async function filesIn(folder: string, prefix: string): Promise<ReadonlyMap<string, ServedFile>> {
  if (!hasConsole(folder)) return new Map();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries.map(async (entry) => {
      const type = TYPES[extname(entry.name)];
      if (type === undefined || !entry.isFile()) return [];
      const path = join(entry.parentPath, entry.name);
      const name = relative(folder, path).replaceAll(sep, '/');
      const bytes = await readFile(path);
      const served = name === INDEX ? withBase(bytes.toString(), prefix) : bytes;
      return [[name, { type, content: await contentOf(served) }] as const];
    }),
  );
  return new Map(files.flat());
}

function withBase(page: string, prefix: string): string {
  return page.replace(BASE, () => `<base href="${prefix.replaceAll('&', '&amp;')}/console/"`);
}
