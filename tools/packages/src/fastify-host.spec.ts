import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { get, post } from './answer.js';
import { createHost } from './host.js';
import { NODE_VERSIONS, nodeProgram } from './node-versions.js';
import { createDatabase } from './postgres-database.js';
import { endAll, run, serve, type Settings } from './program.js';
import { E401, lacking } from './refusals.js';
import { tarballs } from './tarballs.js';

const PACKAGES = ['core', 'client', 'shared-http', 'http', 'infra'].map((name) => `@feather-identity/${name}`);
const GENERATE = "import { generatePepper } from '@feather-identity/infra'; console.log(generatePepper(1));";

/** A guarded controller, by the entries that an application with its own keys imports. */
const SPEC = `
  const { FakeApiKeyVerifier, testCaller } = require('@feather-identity/core/testing');
  const { IdentityModule, RequireScopes } = require('@feather-identity/http');
  const { IdentityTestingModule } = require('@feather-identity/http/testing');
  const { createTypeOrmIdentity } = require('@feather-identity/infra');
  const { Controller, Get, Module } = require('@nestjs/common');
  const { NestFactory } = require('@nestjs/core');
  const { FastifyAdapter } = require('@nestjs/platform-fastify');

  class OrdersController {
    list() {
      return [];
    }
  }
  Get()(OrdersController.prototype, 'list', Object.getOwnPropertyDescriptor(OrdersController.prototype, 'list'));
  RequireScopes('orders:read')(OrdersController);
  Controller('orders')(OrdersController);

  class AppModule {}
  Module({ imports: [IdentityTestingModule], controllers: [OrdersController] })(AppModule);

  test('a guarded controller', async () => {
    expect([typeof IdentityModule, typeof createTypeOrmIdentity]).toEqual(['function', 'function']);
    const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    const keys = app.get(FakeApiKeyVerifier);
    const statuses = [];
    for (const key of ['', keys.keyFor(testCaller({ scopes: [] })), keys.keyFor(testCaller())])
      statuses.push((await fetch(await app.getUrl() + '/orders', { headers: { 'x-api-key': key } })).status);
    await app.close();
    expect(statuses).toEqual([401, 403, 200]);
  });
`;

describe('an application on Fastify', () => {
  let folder: string;
  let settings: Settings;
  let owner: string;
  let url: string;

  beforeAll(async () => {
    folder = await createHost('fastify', PACKAGES);
    settings = {
      DATABASE_URL: await createDatabase(),
      API_KEY_PEPPERS: await run(folder, ['node', '--input-type=module', '--eval', GENERATE], {}),
      PORT: '0',
    };
    owner = await run(folder, ['node', 'dist/first-key.js'], settings);
    url = await start('main');
  });

  afterAll(endAll);

  const start = (main: string, node = 'node'): Promise<string> =>
    serve(folder, [node, `dist/${main}.js`], settings, /^Listening on (\S+)$/m);

  async function keyWith(...scopes: string[]): Promise<string> {
    const { status, body } = await post(`${url}/v1/identity/api-keys`, owner, { name: 'CI', scopes });
    expect(status).toBe(201);
    return (body as { plain_text_key: string }).plain_text_key;
  }

  it('keeps keys in its own PostgreSQL and answers 401, 403 and 200', async () => {
    expect(await get(`${url}/orders`)).toEqual({ status: 401, body: E401 });
    expect(await get(`${url}/orders`, await keyWith('stock:read'))).toEqual(lacking('orders:read'));
    expect(await get(`${url}/orders`, await keyWith('orders:read'))).toEqual({
      status: 200,
      body: { organization: 'Acme', orders: ['order-1'] },
    });
    expect(await get(`${url}/orders/prices`)).toEqual({ status: 200, body: { prices: [42] } });
  });

  it.each(NODE_VERSIONS)('runs on Node.js %s', async (version) => {
    const there = await start('main', await nodeProgram(version));
    const statuses = await Promise.all(
      [undefined, owner].map(async (key) => (await get(`${there}/orders`, key)).status),
    );
    expect(statuses).toEqual([401, 200]);
  });

  it('mounts the routes that manage keys, with their validation', async () => {
    expect(await get(`${url}/v1/identity/whoami`, owner)).toMatchObject({ status: 200 });
    expect(await post(`${url}/v1/identity/api-keys`, owner, { scopes: [] })).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'name'], type: 'missing' }] },
    });
  });

  it("may answer everything else in the service's words, too", async () => {
    const strict = await start('strict-main');
    const notFound = { error: 'not_found', message: 'The requested resource was not found.' };
    expect(await get(`${strict}/nowhere`, owner)).toEqual({ status: 404, body: notFound });
    expect(await get(`${strict}/orders`, owner)).toMatchObject({ status: 200 });
  });

  it('is loaded by CommonJS as well, at every entry', async () => {
    const entries = tarballs.flatMap(({ name, manifest }) =>
      Object.keys(manifest.exports).map((entry) => posix.join(name, entry)),
    );
    const load = entries.filter((entry) => PACKAGES.some((name) => entry.startsWith(name)));
    expect(load.length).toBeGreaterThan(PACKAGES.length);
    await run(
      folder,
      ['node', '--input-type=commonjs', '--eval', load.map((entry) => `require('${entry}');`).join('')],
      {},
    );
  });

  it("has its specs run by Jest of CommonJS, with the documentation's one line", async () => {
    const manual = await readFile(new URL('../../../docs/guides/nestjs-testing.md', import.meta.url), 'utf8');
    const [, line = ''] = /"transformIgnorePatterns": (\[.*\])/.exec(manual) ?? [];
    const specs = join(folder, 'specs');
    await mkdir(specs);
    // The host itself has ES modules. Most applications on NestJS 11 have not.
    await writeFile(join(specs, 'package.json'), '{ "type": "commonjs" }');
    await writeFile(join(specs, 'orders.spec.js'), SPEC);
    const config = {
      testEnvironment: 'node',
      transform: { '\\.js$': [fileURLToPath(import.meta.resolve('@swc/jest')), { module: { type: 'commonjs' } }] },
      transformIgnorePatterns: JSON.parse(line) as string[],
    };
    const jest = fileURLToPath(import.meta.resolve('jest/bin/jest'));
    await run(specs, ['node', jest, '--ci', '--config', JSON.stringify(config)], {});
  });

  it('needs no driver of a database that it does not use', async () => {
    const installed = await readdir(join(folder, 'node_modules'));
    expect(installed).toContain('pg');
    expect(installed).not.toContain('better-sqlite3');
  });
});
