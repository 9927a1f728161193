import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { Installation } from './support/installation.js';
import { expectRefusal } from './support/refusal.js';
import type { Service } from './support/service.js';
import { wellFormed } from './support/tokens.js';
import { WORKSPACE } from './support/workspace.js';

const DEFAULTS = ['admin', 'password', 'changeme', 'secret', 'test', 'fth_live_', 'fth_live_test', 'fth_test_key'];

describe.each(DATABASES)('a fresh installation on %s', (database) => {
  let service: Service;

  beforeAll(async () => {
    service = await (await Installation.create(database)).start();
  });

  it('refuses every key that the documentation shows (AU9)', async () => {
    const documents = await Promise.all((await documentation()).map((file) => readFile(file, 'utf8')));
    const served = await Promise.all(['/docs', '/openapi.json'].map((path) => service.send(path)));
    const texts = [...documents, ...served.map(({ text }) => text)];
    const tokens = texts.flatMap((text) => text.match(/\bfth_\w+/g) ?? []);
    expect(tokens).not.toEqual([]);
    for (const token of new Set(tokens)) expectRefusal(await service.whoami(token));
  });

  it('has no default credentials (AU9)', async () => {
    const constant = ['0', 'A', 'a', 'x'].map((letter) => ({
      head: 'fth_live_',
      publicPart: letter.repeat(8),
      secret: letter.repeat(32),
    }));
    for (const token of [...DEFAULTS, ...constant.map(wellFormed)]) expectRefusal(await service.whoami(token));
  });

  it('tells that it is alive and ready', async () => {
    for (const path of ['/healthz', '/readyz']) {
      expect(await service.send(path)).toMatchObject({ status: 200, body: { status: 'ok' } });
    }
  });

  it('describes its API as OpenAPI 3.1', async () => {
    const { status, body } = await service.send('/openapi.json');
    const { openapi, paths } = body as { openapi: string; paths: Record<string, object> };
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((verb) => `${verb} ${path}`),
    );
    expect([status, openapi]).toEqual([200, '3.1.0']);
    // `openapi-document.cases` compares all of it.
    const contract = ['post', 'get'].map((verb) => `${verb} /v1/identity/api-keys`);
    const all = [...contract, 'delete /v1/identity/api-keys/{key_id}', 'get /v1/identity/whoami'];
    expect(operations).toEqual(expect.arrayContaining(all));
  });

  it('shows its API in a browser, with everything the page loads', async () => {
    const page = await service.send('/docs');
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    const loaded = [...page.text.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, path]) => String(path));
    expect(loaded.length).toBeGreaterThanOrEqual(3);
    for (const path of loaded) expect(await service.send(`/${path}`)).toMatchObject({ status: 200 });
  });
});

/** The texts that a newcomer reads. */
async function documentation(): Promise<string[]> {
  const names = [
    ...(await readdir(WORKSPACE)).filter((name) => name.endsWith('.md')),
    ...(await readdir(join(WORKSPACE, 'docs'), { recursive: true }))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
  ];
  expect(names).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md']));
  return names.map((name) => join(WORKSPACE, name));
}
