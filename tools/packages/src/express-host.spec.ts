import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { get } from './answer.js';
import { createHost } from './host.js';
import { endAll, run, serve } from './program.js';
import { E401, lacking } from './refusals.js';

const PACKAGES = ['core', 'client', 'shared-http', 'http'].map((name) => `@feather-identity/${name}`);
const SERVICE = fileURLToPath(new URL('../../../apps/api/dist/main.js', import.meta.url));

let folder: string;
let service: string;
let owner: string;
let url: string;

beforeAll(async () => {
  folder = await createHost('express', PACKAGES);
  const data = await mkdtemp(join(tmpdir(), 'feather-service-'));
  // The key is printed first, and the line that tells where the service listens is behind it.
  const started = await serve(data, ['node', SERVICE], { PORT: '0' }, /(API key[^]*"url":"[^"]+","msg":"listening")/);
  owner = /fth_live_\w+/.exec(started)?.[0] ?? '';
  service = /"url":"([^"]+)"/.exec(started)?.[1] ?? '';
  const settings = { IDENTITY_URL: service, IDENTITY_API_KEY: await keyWith('api_keys:verify'), PORT: '0' };
  url = await serve(folder, ['node', 'dist/main.js'], settings, /^Listening on (\S+)$/m);
});

afterAll(endAll);

/** Made by the host's own program, with the client of the API. */
function keyWith(scope: string, status = 0): Promise<string> {
  const settings = { IDENTITY_URL: service, IDENTITY_API_KEY: owner };
  return run(folder, ['node', 'dist/create-key.js', 'CI', scope], settings, status);
}

it('asks the running service about keys and answers 401, 403 and 200', async () => {
  expect(await get(`${url}/orders`)).toEqual({ status: 401, body: E401 });
  expect(await get(`${url}/orders`, await keyWith('stock:read'))).toEqual(lacking('orders:read'));
  expect(await get(`${url}/orders`, await keyWith('orders:read'))).toEqual({
    status: 200,
    body: { organization: 'Default organization', orders: ['order-1'] },
  });
  expect(await get(`${url}/orders/prices`)).toEqual({ status: 200, body: { prices: [42] } });
});

it("tells by the client's errors why a key was not created", async () => {
  expect(await keyWith('no scope', 1)).toMatch(/scope/);
});

it('needs neither Fastify nor what only the routes of the API need', async () => {
  const modules = join(folder, 'node_modules');
  expect(await readdir(join(modules, '@nestjs'))).toEqual(['common', 'core', 'platform-express']);
  const installed = await readdir(modules);
  expect(installed).toContain('express');
  expect(installed).not.toContain('fastify');
  expect(installed).not.toContain('class-validator');
  expect(installed).not.toContain('typeorm');
});
