import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeyGuard, IdentityModule } from '@feather-identity/http';
import { createTypeOrmIdentity, generatePepper, identityEntities, identityMigrations } from '@feather-identity/infra';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { type DynamicModule, type INestApplication, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';

/** The service that has the keys. */
@Module({})
class ServiceModule {}

describe('an MCP server behind keys', () => {
  const apps: INestApplication[] = [];
  const clients: Client[] = [];
  let dataSource: DataSource;
  let service: string;
  let owner: string;
  let server: string;

  async function start(module: DynamicModule): Promise<string> {
    const app = await NestFactory.create(module, { logger: false, abortOnError: false });
    apps.push(app);
    await app.listen(0, '127.0.0.1');
    return app.getUrl();
  }

  beforeAll(async () => {
    const type = 'better-sqlite3';
    const [entities, migrations] = [identityEntities(type), identityMigrations()];
    dataSource = new DataSource({ type, database: ':memory:', entities, migrations, migrationsRun: true });
    await dataSource.initialize();
    const identity = createTypeOrmIdentity({ dataSource, keyNamespace: 'acme', peppers: generatePepper(1) });
    owner = (await identity.createOrganization.execute('Acme')).token.reveal();
    service = await start({
      module: ServiceModule,
      imports: [IdentityModule.forRoot(identity)],
      providers: [{ provide: APP_GUARD, useExisting: ApiKeyGuard }],
    });
    const { key: apiKey } = await makeKey('api_keys:verify');
    server = await start(AppModule.register({ baseUrl: service, apiKey, namespace: 'acme', maxStalenessSeconds: 0 }));
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });

  afterAll(async () => {
    for (const app of apps.reverse()) await app.close();
    await dataSource.destroy();
  });

  /** A new key with these scopes. */
  async function makeKey(...scopes: string[]): Promise<{ key: string; revoke: () => Promise<unknown> }> {
    const keys = `${service}/v1/identity/api-keys`;
    const headers = { 'x-api-key': owner, 'content-type': 'application/json' };
    const response = await fetch(keys, { method: 'POST', headers, body: JSON.stringify({ name: 'CI', scopes }) });
    const { id, plain_text_key: key } = (await response.json()) as { id: string; plain_text_key: string };
    return { key, revoke: () => fetch(`${keys}/${id}`, { method: 'DELETE', headers: { 'x-api-key': owner } }) };
  }

  /** An MCP client that sends these headers. */
  async function connect(headers: Record<string, string>): Promise<Client> {
    const client = new Client({ name: 'spec', version: '1.0.0' });
    clients.push(client);
    const transport = new StreamableHTTPClientTransport(new URL('/mcp', server), { requestInit: { headers } });
    await client.connect(transport);
    return client;
  }

  const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
  const toolsOf = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name);
  const call = async (client: Client, name: string, args: Record<string, unknown> = {}) => {
    const { content, isError = false } = await client.callTool({ name, arguments: args });
    return { text: (content as { readonly text: string }[])[0]?.text, isError };
  };

  it('lists and calls the tools that the scopes of a key allow, and no others', async () => {
    const writer = await connect(bearer((await makeKey('notes:write')).key));
    const reader = await connect(bearer((await makeKey('notes:read')).key));
    expect([await toolsOf(writer), await toolsOf(reader)]).toEqual([['add_note'], ['list_notes']]);
    expect(await call(writer, 'add_note', { note: 'buy tea' })).toEqual({ text: 'Added.', isError: false });
    expect(await call(reader, 'list_notes')).toEqual({ text: 'buy tea', isError: false });
    expect(await call(reader, 'add_note', { note: 'never' })).toMatchObject({ isError: true });
    expect(await call(reader, 'list_notes')).toEqual({ text: 'buy tea', isError: false });
    expect(await toolsOf(await connect(bearer((await makeKey('other:read')).key)))).toEqual([]);
    expect(await toolsOf(await connect({ 'x-api-key': owner }))).toEqual(['list_notes', 'add_note']);
  });

  it('is 401 without a valid key, and names Bearer', async () => {
    const { key } = await makeKey('notes:read');
    const wrong = [
      {},
      bearer('acme_live_junk'),
      bearer('eyJhbGciOiJIUzI1NiJ9.e30.c2ln'),
      { 'x-api-key': key, ...bearer(key) },
    ];
    for (const headers of wrong) await expect(connect(headers)).rejects.toMatchObject({ code: 401 });
    const { status, headers } = await fetch(`${server}/mcp`, { method: 'POST' });
    expect([status, headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="identity", ApiKey realm="identity"',
    ]);
  });

  it('serves no call after the revocation of a key', async () => {
    const { key, revoke } = await makeKey('notes:read');
    const client = await connect(bearer(key));
    expect(await toolsOf(client)).toEqual(['list_notes']);
    await revoke();
    await expect(client.listTools()).rejects.toMatchObject({ code: 401 });
  });

  it('has neither a stream nor a session', async () => {
    const { key } = await makeKey('notes:read');
    for (const method of ['GET', 'DELETE']) {
      const { status, headers } = await fetch(`${server}/mcp`, { method, headers: bearer(key) });
      expect([status, headers.get('allow')]).toEqual([405, 'POST']);
    }
  });
});
