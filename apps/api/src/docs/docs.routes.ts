import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { publicRoute } from '@feather-identity/http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Content, contentOf, digestOf, FOR_A_YEAR, REVALIDATED, sendContent } from './content.js';
import { createOpenApiDocument } from './openapi-document.js';

/** Finds files of a package that must not be imported, because its code is for browsers. */
const require = createRequire(import.meta.url);

/** Files of Swagger UI that the page loads, by content type. */
const ASSETS = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const;

/**
 * Keys stay in memory: they are gone with the tab, and after a reload. No validator: it would ask another host for a
 * badge.
 */
const START = `window.onload = () => SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: 'none',
});
`;

/** What the files of the page are, in their addresses: a browser keeps them until they are others. */
const VERSION = digestOf((require('swagger-ui-dist/package.json') as { version: string }).version + START);

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Feather Identity</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="docs/swagger-ui.css?v=${VERSION}">
    <script src="docs/swagger-ui-bundle.js?v=${VERSION}" defer></script>
    <script src="docs/start.js?v=${VERSION}" defer></script>
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
 * @param acceptBearer - Whether keys are accepted as `Authorization: Bearer` too.
 */
export function serveDocs(app: NestFastifyApplication, server: string, acceptBearer: boolean): void {
  const fastify = app.getHttpAdapter().getInstance();
  const serve = (url: string, type: string, read: () => Promise<string | Buffer>, isVersioned = false): void => {
    let content: Promise<Content> | undefined;
    fastify.get<{ Querystring: { readonly v?: string } }>(url, PAGE_ROUTE, async (request, reply) => {
      content ??= read()
        .then(contentOf)
        .catch((error: unknown) => {
          content = undefined;
          throw error;
        });
      void reply.headers({
        'Content-Security-Policy': POLICY,
        'Cache-Control': isVersioned && request.query.v === VERSION ? FOR_A_YEAR : REVALIDATED,
      });
      return sendContent(request, reply, await content, type);
    });
  };
  serve('/openapi.json', 'application/json', async () =>
    JSON.stringify(createOpenApiDocument(app, server, acceptBearer)),
  );
  serve('/docs', 'text/html; charset=utf-8', async () => PAGE);
  serve('/docs/start.js', 'text/javascript; charset=utf-8', async () => START, true);
  for (const [file, type] of Object.entries(ASSETS)) {
    serve(`/docs/${file}`, type, () => readFile(require.resolve(`swagger-ui-dist/${file}`)), true);
  }
  for (const [url, page] of Object.entries(WAYS_TO_THE_PAGE)) {
    fastify.get(url, PAGE_ROUTE, (_request, reply) => reply.redirect(page));
  }
}
