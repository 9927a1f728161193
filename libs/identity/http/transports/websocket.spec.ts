import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { gatewayApp } from '../testing/guarded-gateway.js';
import { type StartedHost, startEmbedded, startRemote } from '../testing/guarded-hosts.js';
import { UNAUTHENTICATED } from '../src/testing/answers.js';
import { type GuardedHost, make, manage } from '../src/testing/guarded-host.js';

const E401 = { status: 401, ...(UNAUTHENTICATED.body as { readonly message: string }) };
const E403 = { status: 403, error: 'permission_denied', message: 'The API key lacks the scope "items:write".' };
const UNDECLARED = { ...E403, message: 'This route declares no permission.' };

interface Connection {
  /** What a message is answered, or the exception that comes in place of an answer. */
  ask(message: string): Promise<unknown>;
  close(): void;
}

type Headers = Record<string, string>;

const SOCKETS = {
  'socket.io': async ({ url }: GuardedHost, headers: Headers, auth = {}): Promise<Connection> => {
    const socket = io(url, { transports: ['websocket'], extraHeaders: headers, auth, reconnection: false });
    await new Promise((resolve) => socket.once('connect', () => resolve(undefined)));
    return {
      ask: (message) => {
        const answer = new Promise((resolve) => {
          for (const event of ['answer', 'exception']) socket.once(event, resolve);
        });
        socket.emit(message, {});
        return answer.finally(() => socket.removeAllListeners());
      },
      close: () => socket.disconnect(),
    };
  },
  ws: async ({ url }: GuardedHost, headers: Headers): Promise<Connection> => {
    const socket = new WebSocket(url.replace('http', 'ws'), { headers });
    await once(socket, 'open');
    return {
      ask: async (message) => {
        socket.send(JSON.stringify({ event: message, data: {} }));
        const [received] = (await once(socket, 'message')) as [Buffer];
        return (JSON.parse(received.toString('utf8')) as { data: unknown }).data;
      },
      close: () => {
        socket.close();
      },
    };
  },
};
type Sockets = keyof typeof SOCKETS;

const MODES = {
  'has its keys itself': (sockets: Sockets) => startEmbedded('express', {}, gatewayApp(sockets)),
  'asks a service': (sockets: Sockets) => startRemote('fastify', { maxStalenessSeconds: 0 }, gatewayApp(sockets)),
};
type Mode = keyof typeof MODES;

const HOSTS: [Mode, Sockets][] = [
  ['has its keys itself', 'socket.io'],
  ['has its keys itself', 'ws'],
  ['asks a service', 'socket.io'],
  ['asks a service', 'ws'],
];

describe.each(HOSTS)('WebSockets of an application that %s, by %s', (mode, sockets) => {
  let host: StartedHost;
  const connections: Connection[] = [];

  async function connect(key?: string): Promise<Connection> {
    const connection = await SOCKETS[sockets](host, key === undefined ? {} : { 'x-api-key': key });
    connections.push(connection);
    return connection;
  }

  beforeAll(async () => {
    host = await MODES[mode](sockets);
  });

  afterAll(async () => {
    for (const connection of connections) connection.close();
    await host.close();
  });

  it.each([[undefined], ['junk']])('are refused message by message where the key was no good: %s', async (key) => {
    const connection = await connect(key);
    for (let i = 0; i < 2; i += 1) expect(await connection.ask('read')).toEqual(E401);
    expect(await connection.ask('open')).toBe('for everyone');
    expect(await connection.ask('undeclared')).toEqual(E401);
  });

  it('demand the scopes of each message, and verify a key once for it', async () => {
    const { id, plain_text_key: key } = await make(host, ['items:read']);
    const connection = await connect(key);
    for (let i = 0; i < 2; i += 1) expect(await connection.ask('wipe')).toEqual(E403);
    host.service.apiKeys.reads = 0;
    expect(await connection.ask('read')).toBe(id);
    // Asking a service takes a look at the key of the application that asks as well.
    expect(host.service.apiKeys.reads).toBe(mode === 'has its keys itself' ? 1 : 2);
    expect(await connection.ask('wipe')).toEqual(E403);
    expect(await connection.ask('undeclared')).toEqual(UNDECLARED);
  });

  it('take no message more from a key that was revoked', async () => {
    const { id, plain_text_key: key } = await make(host, ['items:read']);
    const connection = await connect(key);
    expect(await connection.ask('read')).toBe(id);
    await manage(host, 'DELETE', `/api-keys/${id}`);
    for (let i = 0; i < 2; i += 1) expect(await connection.ask('read')).toEqual(E401);
  });

  it('count each message for the limits of its key, and go by the address that opened the connection', async () => {
    const limits = { rate_limit: { requests: 2, seconds: 3600 }, allowed_networks: ['127.0.0.0/8'] };
    const { id, plain_text_key: key } = await make(host, ['items:read'], limits);
    const connection = await connect(key);
    for (let i = 0; i < 2; i += 1) expect(await connection.ask('read')).toBe(id);
    expect(await connection.ask('read')).toMatchObject({ status: 429, error: 'rate_limited' });
    const elsewhere = await make(host, ['items:read'], { allowed_networks: ['192.0.2.0/24'] });
    const refused = await (await connect(elsewhere.plain_text_key)).ask('read');
    expect(refused).toMatchObject({ status: 403, error: 'address_not_allowed' });
  });
});

describe('Connections of an application that reads keys elsewhere', () => {
  let host: StartedHost;

  afterEach(() => host.close());

  /** What a message is answered on a connection that was opened with these headers, and with this `auth` of socket.io. */
  async function ask(sockets: Sockets, headers: Headers, auth: object = {}): Promise<unknown> {
    const connection = await SOCKETS[sockets](host, headers, auth);
    const answer = await connection.ask('read');
    connection.close();
    return answer;
  }

  it.each(['socket.io', 'ws'] as const)(
    'have it as Bearer, in a header or in what comes first: %s',
    async (sockets) => {
      host = await startEmbedded('express', { acceptBearer: true }, gatewayApp(sockets));
      const { id, plain_text_key: key } = await make(host, ['items:read']);
      const authorization = `Bearer ${key}`;
      expect(await ask(sockets, { authorization })).toBe(id);
      const refused = {
        ...E401,
        message: `${E401.message.slice(0, -1)}, or as a Bearer token in the Authorization header.`,
      };
      const wrong = [
        { 'x-api-key': key, authorization },
        { authorization: 'Bearer eyJh.e30.s' },
        { authorization: key },
      ];
      for (const headers of wrong) expect(await ask(sockets, headers)).toEqual(refused);
      if (sockets === 'ws') return;
      for (const auth of [{ authorization }, { 'X-API-Key': key }, { headers: { Authorization: authorization } }])
        expect(await ask(sockets, {}, auth)).toBe(id);
      expect(await ask(sockets, { authorization: 'Bearer eyJh.e30.s' }, { 'x-api-key': key })).toBe(id);
      for (const auth of [
        { authorization, 'x-api-key': key },
        { authorization: `${authorization}x` },
        { authorization: [key] },
      ])
        expect(await ask(sockets, {}, auth)).toEqual(refused);
      expect(await ask(sockets, { authorization: 'Bearer eyJh.e30.s' }, { authorization })).toEqual(refused);
    },
  );

  it('have it in a header of another name, or where a function finds it', async () => {
    host = await startRemote('express', { keyHeader: 'X-Acme-Key' }, gatewayApp('socket.io'));
    const { id, plain_text_key: key } = await make(host, ['items:read']);
    expect(await ask('socket.io', { 'x-acme-key': key })).toBe(id);
    expect(await ask('socket.io', {}, { 'X-ACME-Key': key })).toBe(id);
    expect(await ask('socket.io', { 'x-acme-key': `${key}x` }, { 'X-ACME-Key': key })).toMatchObject({ status: 401 });
    expect(await ask('socket.io', {}, { 'x-api-key': key })).toMatchObject({ status: 401 });
    await host.close();
    host = await startRemote(
      'express',
      { readKey: ({ headers }) => headers['token']?.toString() },
      gatewayApp('socket.io'),
    );
    const made = await make(host, ['items:read']);
    expect(await ask('socket.io', {}, { token: made.plain_text_key })).toBe(made.id);
    expect(await ask('socket.io', { token: made.plain_text_key })).toBe(made.id);
  });
});
