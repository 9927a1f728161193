import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { publicRoute } from '@feather-identity/http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createOpenApiDocument } from './openapi-document.js';

/** Finds files of a package that must not be imported, because its code is for browsers. */
const { resolve } = createRequire(import.meta.url);

/** Files of Swagger UI that the page loads, by content type. */
const ASSETS = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const;

const START = `window.onload = () => SwaggerUIBundle({ url: 'openapi.json', dom_id: '#docs', deepLinking: true });\n`;

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Feather Identity</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <script src="docs/swagger-ui-bundle.js" defer></script>
    <script src="docs/start.js" defer></script>
  </head>
  <body><div id="docs"></div></body>
</html>
`;

/** Where people look first. Relative, so that it survives a prefix that a proxy puts in front. */
const WAYS_TO_THE_PAGE = { '/': 'docs', '/docs/': '../docs' } as const;

/** Fastify answers HEAD like GET, without the body. */
const PAGE_ROUTE = { ...publicRoute, exposeHeadRoute: true };

/** Only this origin; Swagger UI sets inline styles and shows images of its own as data. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/**
 * Serves the description of the API: `/docs` for people, `/openapi.json` for programs. Both are public. They are built at
 * the first request, because most processes get none. All answers share the same bytes, up to 1.5 MB: a client may ask
 * for them many times and not read the answers.
 *
 * @param server - The address of the API, absolute or relative to `/openapi.json`.
 */
export function serveDocs(app: NestFastifyApplication, server: string): void {
  const fastify = app.getHttpAdapter().getInstance();
  const serve = (url: string, type: string, read: () => string | Promise<Buffer>): void => {
    let content: Promise<Buffer> | undefined;
    fastify.get(url, PAGE_ROUTE, async (_request, reply) => {
      content ??= bytesOf(read).catch((error: unknown) => {
        content = undefined;
        throw error;
      });
      return reply
        .type(type)
        .header('Content-Security-Policy', POLICY)
        .send(await content);
    });
  };
  serve('/openapi.json', 'application/json', () => JSON.stringify(createOpenApiDocument(app, server)));
  serve('/docs', 'text/html; charset=utf-8', () => PAGE);
  serve('/docs/start.js', 'text/javascript; charset=utf-8', () => START);
  for (const [file, type] of Object.entries(ASSETS)) {
    serve(`/docs/${file}`, type, () => readFile(resolve(`swagger-ui-dist/${file}`)));
  }
  for (const [url, page] of Object.entries(WAYS_TO_THE_PAGE)) {
    fastify.get(url, PAGE_ROUTE, (_request, reply) => reply.redirect(page));
  }
}

async function bytesOf(read: () => string | Promise<Buffer>): Promise<Buffer> {
  const content = await read();
  return typeof content === 'string' ? Buffer.from(content) : content;
}
