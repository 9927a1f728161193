import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const { program, url, printed } = await start({ DATA: mkdtempSync(join(tmpdir(), 'example-')) });
after(() => program.kill());
const [, key = ''] = /API key \(shown once\): (\S+)/.exec(printed) ?? [];
const get = async (path, headers = {}) => {
  const response = await fetch(url + path, { headers });
  return { status: response.status, body: await response.json() };
};

test('a key opens the route, and only a key does', async () => {
  assert.deepEqual(await get('/orders', { 'x-api-key': key }), {
    status: 200,
    body: { organization: 'First customer', orders: ['tea'] },
  });
  assert.equal((await get('/orders')).status, 401);
  assert.equal((await get('/orders', { 'x-api-key': `${key.slice(0, -1)}x` })).status, 401);
});

test('a key without the scope is refused', async () => {
  const response = await fetch(`${url}/v1/identity/api-keys`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Invoices', scopes: ['invoices:read'] }),
  });
  const { plain_text_key: other } = await response.json();
  const { status, body } = await get('/orders', { 'x-api-key': other });
  assert.equal(status, 403);
  assert.match(body.message, /orders:read/);
});

test('a public route needs no key', async () => {
  assert.equal((await get('/orders/prices')).status, 200);
});

/** Starts the application; resolves with its address and what it printed. */
async function start(env) {
  const program = spawn(process.execPath, ['dist/main.js'], {
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const chunk of program.stdout) {
    printed += chunk;
    const [, url] = /Listening on (\S+)/.exec(printed) ?? [];
    if (url !== undefined) return { program, url, printed };
  }
  throw new Error(`The application has ended. ${printed}`);
}
