import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const { program, url } = await start({ DATA: mkdtempSync(join(tmpdir(), 'example-')) });
after(() => program.kill());

async function send(method, path, headers, body) {
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const signUp = async (company, email) => {
  const { body } = await send('POST', '/sign-up', {}, { company, email });
  return { 'x-session': body.session };
};

test('a customer signs up, makes a key, uses it and revokes it', async () => {
  const session = await signUp('Acme', 'ann@acme.example');
  const made = await send('POST', '/my/keys', session, { name: 'CI', scopes: ['orders:read'] });
  assert.equal(made.status, 201);
  const key = { 'x-api-key': made.body.token };
  assert.deepEqual((await send('GET', '/orders', key)).body, {
    customer: 'Acme',
    user: 'ann@acme.example',
    orders: ['tea'],
  });
  assert.equal((await send('DELETE', `/my/keys/${made.body.id}`, session)).status, 204);
  assert.equal((await send('GET', '/orders', key)).status, 401);
});

test('a customer sees and revokes no key of another one', async () => {
  const [one, other] = [await signUp('One', 'ann@one.example'), await signUp('Other', 'bob@other.example')];
  const { body } = await send('POST', '/my/keys', one, { name: 'CI', scopes: ['orders:read'] });
  assert.deepEqual((await send('GET', '/my/keys', other)).body, []);
  assert.equal((await send('DELETE', `/my/keys/${body.id}`, other)).status, 404);
  assert.equal((await send('GET', '/orders', { 'x-api-key': body.token })).status, 200);
});

test('a user gives a key no more than users may have', async () => {
  const session = await signUp('Third', 'cid@third.example');
  assert.equal((await send('POST', '/my/keys', session, { name: 'CI', scopes: ['*'] })).status, 403);
});

test('an address that has an account leaves no second organization behind', async () => {
  await signUp('Fourth', 'dan@fourth.example');
  assert.equal((await send('POST', '/sign-up', {}, { company: 'Again', email: 'dan@fourth.example' })).status, 409);
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
