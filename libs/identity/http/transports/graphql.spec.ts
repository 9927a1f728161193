import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { graphQlApp, wiped } from '../testing/guarded-graphql.js';
import { type Platform, type StartedHost, startEmbedded, startRemote } from '../testing/guarded-hosts.js';
import { exchange, forged, make, manage } from '../src/testing/guarded-host.js';

const UNAUTHENTICATED = {
  message: 'No valid API key was provided. Pass your key in the x-api-key header.',
  extensions: { code: 'authentication_required', status: 401 },
};
const forbidden = (message: string) => ({ message, extensions: { code: 'permission_denied', status: 403 } });
const LACKS_WRITE = forbidden('The API key lacks the scope "items:write".');
const INTERNAL = {
  message: 'An unexpected error occurred.',
  extensions: { code: 'internal_error', status: 500 },
};

interface Result {
  readonly data: Record<string, unknown> | null;
  readonly errors?: { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

const MODES = {
  'has its keys itself': (platform: Platform) => startEmbedded(platform, {}, graphQlApp(platform)),
  'asks a service': (platform: Platform) => startRemote(platform, { maxStalenessSeconds: 0 }, graphQlApp(platform)),
};
type Mode = keyof typeof MODES;

const HOSTS: [Mode, string, Platform][] = [
  ['has its keys itself', 'Apollo on Express', 'express'],
  ['has its keys itself', 'Mercurius on Fastify', 'fastify'],
  ['asks a service', 'Apollo on Express', 'express'],
  ['asks a service', 'Mercurius on Fastify', 'fastify'],
];

describe.each(HOSTS)('GraphQL of an application that %s, by %s', (mode, _driver, platform) => {
  let host: StartedHost;

  beforeAll(async () => {
    host = await MODES[mode](platform);
  });

  beforeEach(() => {
    wiped.times = 0;
  });

  afterAll(() => host.close());

  /** What operations are answered that come in one request. */
  async function post(body: object, ...keys: string[]): Promise<unknown> {
    const headers = { 'x-api-key': keys, 'content-type': 'application/json' };
    return JSON.parse((await exchange(`${host.url}/graphql`, 'POST', headers, body)).text);
  }

  async function run(query: string, ...keys: string[]): Promise<Result> {
    const { data, errors } = (await post({ query }, ...keys)) as Result;
    // Outside of production Apollo adds a stack.
    const shown = errors?.map(({ message, extensions: { stacktrace: _stack, ...told } }) => ({
      message,
      extensions: told,
    }));
    return { data, ...(shown ? { errors: shown } : {}) };
  }

  it('is refused without a good key, with the code and the status of the contract', async () => {
    for (const keys of [[], ['junk'], [forged(host.ownerKey)], [host.ownerKey, host.ownerKey]]) {
      expect((await run('{ items }', ...keys)).errors).toEqual([UNAUTHENTICATED]);
    }
  });

  it('is looked at field by field: what one of them may, another may not', async () => {
    const { plain_text_key: key } = await make(host, ['items:read']);
    expect(await run('{ items }', key)).toEqual({ data: { items: ['item-1'] } });
    expect(await run('mutation { wipe }', key)).toEqual({ data: { wipe: null }, errors: [LACKS_WRITE] });
    for (const mutation of ['mutation { touch wipe }', 'mutation { wipe touch again: wipe }']) {
      const { data, errors } = await run(mutation, key);
      expect(data).toMatchObject({ touch: 'touched', wipe: null });
      expect(errors?.[0]).toEqual(LACKS_WRITE);
    }
    expect(wiped.times).toBe(0);
    expect(await run('mutation { touch wipe }', host.ownerKey)).toEqual({
      data: { touch: 'touched', wipe: 'wiped' },
    });
    expect(wiped.times).toBe(1);
  });

  it('is closed where a field declares nothing, and open where it is public', async () => {
    const refused = await run('{ undeclared }', host.ownerKey);
    expect(refused).toEqual({
      data: { undeclared: null },
      errors: [forbidden('This route declares no permission.')],
    });
    expect(await run('{ open }')).toEqual({ data: { open: 'for everyone' } });
    expect((await run('{ openCaller }')).errors).toEqual([UNAUTHENTICATED]);
  });

  it('tells resolvers who is calling, inside an answer too', async () => {
    const { id, plain_text_key: key } = await make(host, ['stock:read']);
    expect(await run('{ caller owner { organization } }', key)).toEqual({
      data: { caller: id, owner: { organization: 'Acme' } },
    });
  });

  it('verifies a key once a request, however many fields and operations come in it', async () => {
    const query = '{ items again: items caller owner { organization } undeclared }';
    await post({ query }, host.ownerKey);
    host.service.apiKeys.reads = 0;
    const results = (await post([{ query }, { query }], host.ownerKey)) as Result[];
    expect(results.map(({ data }) => data?.['items'])).toEqual([['item-1'], ['item-1']]);
    // Asking a service takes a look at the key of the application that asks as well.
    expect(host.service.apiKeys.reads).toBe(mode === 'has its keys itself' ? 1 : 2);
  });

  it('is 503 while nobody can tell whether a key is good, and tells nothing of what went wrong', async () => {
    const end = await host.interrupt();
    const { errors } = await run('{ items }', host.ownerKey);
    await end();
    expect(errors).toMatchObject([
      { extensions: { code: 'service_unavailable', status: 503, retryable: true, retry_after: 1 } },
    ]);
    if (mode !== 'has its keys itself') return;
    host.service.apiKeys.failures.set('findCredential', new Error('SELECT * FROM api_keys'));
    const leaky = await run('{ items }', host.ownerKey);
    host.service.apiKeys.failures.clear();
    expect(leaky.errors).toEqual([INTERNAL]);
    expect(host.logger.lines.join('\n')).toContain('SELECT * FROM api_keys');
  });

  it('is asked again for each operation of a connection, whose key came with what opened it', async () => {
    const { id, plain_text_key: key } = await make(host, ['items:read']);
    const other = await make(host, ['items:write']);
    const opened = [connect({ headers: { 'x-api-key': key } }), connect({ params: { 'X-API-Key': key } })];
    for (const { ask } of opened) {
      expect(await ask('subscription { ticks }')).toEqual([{ data: { ticks: 1 } }]);
      expect(await ask('{ caller }')).toEqual([{ data: { caller: id } }]);
      for (let i = 0; i < 2; i += 1) expect(await ask('subscription { wipes }')).toEqual([LACKS_WRITE.extensions]);
    }
    const nobody = [
      connect({}),
      connect({ params: { 'x-api-key': 'junk' } }),
      connect({ headers: { 'x-api-key': key }, params: { 'x-api-key': other.plain_text_key } }),
    ];
    for (const { ask } of nobody) {
      for (let i = 0; i < 2; i += 1) expect(await ask('subscription { ticks }')).toEqual([UNAUTHENTICATED.extensions]);
    }
    await manage(host, 'DELETE', `/api-keys/${id}`);
    for (const { ask } of opened) {
      for (const operation of ['subscription { ticks }', '{ items }']) {
        expect(await ask(operation)).toEqual([UNAUTHENTICATED.extensions]);
      }
    }
    expect(wiped.times).toBe(0);
    for (const { client } of [...opened, ...nobody]) await client.dispose();
  });

  /** A connection that is opened by its first operation, with these headers, or with what a browser sends instead. */
  function connect({
    headers = {},
    params = {},
  }: {
    headers?: Record<string, string>;
    params?: Record<string, string>;
  }) {
    class Socket extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers });
      }
    }
    const url = `${host.url.replace('http', 'ws')}/graphql`;
    const client = createClient({ url, webSocketImpl: Socket, connectionParams: params, retryAttempts: 0 });
    /** The results of an operation, or what its error tells. */
    async function ask(query: string): Promise<unknown[]> {
      const results: unknown[] = [];
      try {
        for await (const { data, errors } of client.iterate({ query })) {
          results.push(errors ? errors[0]?.extensions : { data });
        }
      } catch (error) {
        results.push((error as { extensions: object }[])[0]?.extensions);
      }
      return results;
    }
    return { client, ask };
  }
});

it('a connection may bring its key as Bearer where the application accepts that', async () => {
  const host = await startEmbedded('express', { acceptBearer: true }, graphQlApp('express'));
  const { id, plain_text_key: key } = await make(host, []);
  async function ask(connectionParams: Record<string, string>): Promise<unknown> {
    const url = `${host.url.replace('http', 'ws')}/graphql`;
    const client = createClient({ url, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
    try {
      for await (const { data, errors } of client.iterate({ query: '{ caller }' }))
        return data?.['caller'] ?? errors?.[0]?.extensions?.['status'];
    } finally {
      await client.dispose();
    }
    return undefined;
  }
  const authorization = `Bearer ${key}`;
  const asked = [{ authorization }, { Authorization: authorization }, { authorization, 'x-api-key': key }, {}];
  const answers = [];
  for (const params of asked) answers.push(await ask(params));
  await host.close();
  expect(answers).toEqual([id, id, 401, 401]);
});
