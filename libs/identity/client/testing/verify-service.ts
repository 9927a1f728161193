import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { TokenFormat } from '@feather-identity/core';

const FORMAT = new TokenFormat('fth', 'live');

/** A token that nobody made, with this public part. */
export function aToken(publicPart: string | number = 'public'): string {
  return FORMAT.compose(String(publicPart).padStart(8, '0'), 's'.repeat(32)).reveal();
}

/** The key of the application that asks. */
export const SERVICE_KEY = aToken('service0');

/** How a service answers when it is asked about a token. */
export type Behaviour = (response: ServerResponse, token: string) => void;

/** An answer with a JSON body, unless that is a text. */
export function answering(status: number, body: unknown, headers: Record<string, string> = {}): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** The answer to a good key, with other values in some of its fields. */
export function good(fields: Readonly<Record<string, unknown>> = {}, key: Readonly<Record<string, unknown>> = {}) {
  const apiKey = {
    id: 'key-1',
    name: 'CI',
    key_prefix: 'fth_live_public00',
    scopes: ['orders:read'],
    expires_at: null,
  };
  const organization = { organization_id: 'organization-1', organization_name: 'Acme' };
  const member = { user_id: 'member-1', clerk_user_id: 'owner', email: null, display_name: 'Owner', role: 'org:admin' };
  const caller = { ...organization, ...member, api_key: { ...apiKey, ...key } };
  return { valid: true, caller, unrestricted: false, valid_until: null, ...fields };
}

export const REFUSED = { valid: false, reason: 'revoked' };

/** Accepts a request and never answers it. */
export const silence: Behaviour = () => undefined;

/** Resets the connection. */
export const reset: Behaviour = (response) => response.socket?.resetAndDestroy();

/** A server on a free port that behaves as a test wants, also like a service that is broken or gone. */
export class VerifyService {
  /** The token of each verify request. */
  readonly verifiedTokens: string[] = [];
  /** The headers of the last verify request. */
  lastHeaders: IncomingMessage['headers'] = {};
  behaviour: Behaviour = answering(200, good());
  #port = 0;
  #server: Server | undefined;

  get baseUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts to listen, on the same port as before. */
  async start(): Promise<void> {
    if (this.#server?.listening) return;
    const server = createServer((request, response) => void this.handle(request, response));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Closes every connection and the port. */
  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      this.behaviour(response, '');
      return;
    }
    const { key } = (await json(request)) as { key: string };
    this.verifiedTokens.push(key);
    this.lastHeaders = request.headers;
    this.behaviour(response, key);
  }
}
