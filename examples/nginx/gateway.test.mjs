import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

// A running service, and a key of it that may do everything.
const { IDENTITY_URL: service = 'http://localhost:8000', KEY: owner = '' } = process.env;

/** A new key of the service with these scopes. */
async function makeKey(...scopes) {
  const response = await fetch(`${service}/v1/identity/api-keys`, {
    method: 'POST',
    headers: { 'x-api-key': owner, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Example', scopes }),
  });
  assert.equal(response.status, 201, `${service} gives no key to KEY`);
  const { id, plain_text_key: key } = await response.json();
  const revoke = () =>
    fetch(`${service}/v1/identity/api-keys/${id}`, { method: 'DELETE', headers: { 'x-api-key': owner } });
  return { key, revoke };
}

const [gateway, orders] = [await freePort(), await freePort()];
const url = `http://127.0.0.1:${gateway}`;

const folder = mkdtempSync(join(tmpdir(), 'example-'));
const config = readFileSync(new URL('../../docs/gateways/nginx.conf', import.meta.url), 'utf8')
  .replace('listen 127.0.0.1:8080', `listen 127.0.0.1:${gateway}`)
  .replace('server 127.0.0.1:8000', `server ${new URL(service).host.replace('localhost', '127.0.0.1')}`)
  .replace('server 127.0.0.1:9000', `server 127.0.0.1:${orders}`);
writeFileSync(join(folder, 'nginx.conf'), config);
const env = { ...process.env, PORT: String(orders), PATH: `${process.env.PATH}:/usr/sbin` };
const nginx = ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log', '-g', 'daemon off;'];
for (const [command, args] of [
  [process.execPath, ['orders.mjs']],
  ['nginx', nginx],
]) {
  const program = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  after(() => program.kill());
}
while ((await statusFor(undefined)) !== 401) await setTimeout(50);

async function ask(key) {
  const response = await fetch(`${url}/orders/`, { headers: key === undefined ? {} : { 'x-api-key': key } });
  return { status: response.status, body: await response.text() };
}

async function statusFor(key) {
  return (await ask(key).catch(() => ({}))).status;
}

/** A port that was free a moment ago. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

test('a key that has the scope passes, and the service behind learns whose it is and not the key', async () => {
  const { status, body } = await ask((await makeKey('orders:read')).key);
  assert.equal(status, 200);
  const { organization, scopes, sawTheKey } = JSON.parse(body);
  assert.match(organization, /^[0-9a-f-]{36}$/);
  assert.deepEqual([scopes, sawTheKey], ['orders:read', false]);
});

test('a key without the scope, a wrong key and no key do not pass', async () => {
  const { key } = await makeKey('invoices:read');
  assert.deepEqual([await statusFor(key), await statusFor('fth_live_junk'), await statusFor()], [403, 401, 401]);
});

test('a key is refused from its revocation on', async () => {
  const { key, revoke } = await makeKey('orders:read');
  assert.equal(await statusFor(key), 200);
  await revoke();
  assert.equal(await statusFor(key), 401);
});
