import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const { program, url, printed } = await start({
  DATA: mkdtempSync(join(tmpdir(), 'example-')),
  JWT_SECRET: 'a secret of this test, 32 long...',
});
after(() => program.kill());
const [, key = ''] = /API key \(shown once\): (\S+)/.exec(printed) ?? [];
const [, jwt = ''] = /JWT of the user ann: (\S+)/.exec(printed) ?? [];
const statusOf = async (path, headers) => (await fetch(url + path, { headers })).status;
const bearer = (token) => ({ authorization: `Bearer ${token}` });

test('keys and users share a route', async () => {
  const ask = async (headers) => (await fetch(`${url}/orders`, { headers })).json();
  assert.deepEqual(await ask({ 'x-api-key': key }), { for: 'First customer', orders: ['tea'] });
  assert.deepEqual(await ask(bearer(jwt)), { for: 'ann', orders: ['tea'] });
});

test('a wrong key, a wrong JWT, and neither are refused', async () => {
  for (const headers of [{ 'x-api-key': `${key}x` }, bearer(`${jwt}x`), {}]) {
    assert.equal(await statusOf('/orders', headers), 401);
  }
});

test('a key decides where there is one: a wrong key beside a JWT is refused', async () => {
  assert.equal(await statusOf('/orders', { 'x-api-key': `${key}x`, ...bearer(jwt) }), 401);
});

test('a route for keys alone refuses users', async () => {
  assert.equal(await statusOf('/orders/export', { 'x-api-key': key }), 200);
  assert.equal(await statusOf('/orders/export', bearer(jwt)), 401);
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
