import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, test } from 'node:test';

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

const { key: verifier } = await makeKey('api_keys:verify');
const { program, url } = await start({ IDENTITY_URL: service, IDENTITY_API_KEY: verifier });
after(() => program.kill());
const statusFor = async (key) => (await fetch(`${url}/orders`, { headers: { 'x-api-key': key } })).status;

test('the service decides which keys open the route', async () => {
  const [reader, other] = [await makeKey('orders:read'), await makeKey('invoices:read')];
  assert.equal(await statusFor(reader.key), 200);
  assert.equal(await statusFor(other.key), 403);
  assert.equal(await statusFor(`${reader.key.slice(0, -1)}x`), 401);
});

test('a key that was revoked before its first use here is refused', async () => {
  const { key, revoke } = await makeKey('orders:read');
  await revoke();
  assert.equal(await statusFor(key), 401);
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
