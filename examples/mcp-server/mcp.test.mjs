import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

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

/** An MCP client that sends these headers. */
async function connect(headers) {
  const client = new Client({ name: 'test', version: '1.0.0' });
  after(() => client.close());
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers } }));
  return client;
}

const bearer = (key) => ({ Authorization: `Bearer ${key}` });
const toolsOf = async (client) => (await client.listTools()).tools.map(({ name }) => name);
const call = async (client, name, args = {}) => {
  const { content, isError = false } = await client.callTool({ name, arguments: args });
  return { text: content[0]?.text, isError };
};

test('a key lists and calls the tools that its scopes allow, and no others', async () => {
  const writer = await connect(bearer((await makeKey('notes:write')).key));
  const reader = await connect(bearer((await makeKey('notes:read')).key));
  assert.deepEqual([await toolsOf(writer), await toolsOf(reader)], [['add_note'], ['list_notes']]);
  assert.deepEqual(await call(writer, 'add_note', { note: 'buy tea' }), { text: 'Added.', isError: false });
  assert.equal((await call(reader, 'add_note', { note: 'never' })).isError, true);
  assert.deepEqual(await call(reader, 'list_notes'), { text: 'buy tea', isError: false });
  assert.deepEqual(await toolsOf(await connect(bearer((await makeKey('other:read')).key))), []);
  assert.deepEqual(await toolsOf(await connect({ 'x-api-key': owner })), ['list_notes', 'add_note']);
});

test('without a valid key it is 401, which names Bearer', async () => {
  const { key } = await makeKey('notes:read');
  const wrong = [
    {},
    bearer('fth_live_junk'),
    bearer('eyJhbGciOiJIUzI1NiJ9.e30.c2ln'),
    { 'x-api-key': key, ...bearer(key) },
  ];
  for (const headers of wrong) await assert.rejects(connect(headers), { code: 401 });
  const { status, headers } = await fetch(`${url}/mcp`, { method: 'POST' });
  assert.deepEqual(
    [status, headers.get('www-authenticate')],
    [401, 'Bearer realm="identity", ApiKey realm="identity"'],
  );
});

test('no tool runs after the revocation of its key', async () => {
  const { key, revoke } = await makeKey('notes:read');
  const client = await connect(bearer(key));
  assert.deepEqual(await toolsOf(client), ['list_notes']);
  await revoke();
  await assert.rejects(client.listTools(), { code: 401 });
});

test('there is neither a stream nor a session', async () => {
  const { key } = await makeKey('notes:read');
  for (const method of ['GET', 'DELETE']) {
    const { status, headers } = await fetch(`${url}/mcp`, { method, headers: bearer(key) });
    assert.deepEqual([status, headers.get('allow')], [405, 'POST']);
  }
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
