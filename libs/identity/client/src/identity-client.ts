import createClient, { type Client, type Middleware } from 'openapi-fetch';
import { type IdentityApiError, readApiError } from './identity-api-error.js';
import type { paths } from './schema.js';

/** Operations of the document whose errors are told apart by `error`. */
export type ReadableOperations<Item> = {
  [Method in keyof Item]: Item[Method] extends { responses: infer Responses }
    ? Omit<Item[Method], 'responses'> & {
        responses: {
          [Status in keyof Responses]: Status extends 200 | 201 | 204
            ? Responses[Status]
            : { content: { 'application/json': IdentityApiError } };
        };
      }
    : Item[Method];
};

/** A client that knows every route of the service: `const { data, error } = await client.GET('/v1/identity/whoami')`. */
export type IdentityClient = Client<{ [Path in keyof paths]: ReadableOperations<paths[Path]> }>;

/** Which service is asked, and with which key. */
export interface IdentityClientOptions {
  /** Where the service is, without `/v1`, such as `http://localhost:8000`. */
  readonly baseUrl: string;
  /** The key that goes with every request. */
  readonly apiKey: string;
}

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

const readableErrors: Middleware = {
  async onResponse({ response }) {
    const { status, ok } = response;
    if (ok) return undefined;
    return Response.json(readApiError(status, await response.text()), { status, headers: retryAfterOf(response) });
  },
};

/**
 * A client of a Feather Identity service. What the service refuses is `error`; a service that cannot be reached throws
 * what `fetch` throws. Throws at once for an address or a key that cannot be one, and never repeats the key.
 */
export function createIdentityClient({ baseUrl, apiKey }: IdentityClientOptions): IdentityClient {
  if (!/^https?:$/.test(new URL(baseUrl).protocol)) throw new Error('baseUrl has to start with http:// or https://.');
  // `fetch` would repeat the whole header in its error.
  if (!VISIBLE_ASCII.test(apiKey)) throw new Error('apiKey is empty or holds characters that no key has.');
  const headers = { 'x-api-key': apiKey };
  // A redirect would carry the key to wherever it leads.
  const client: IdentityClient = createClient({ baseUrl, headers, redirect: 'manual' });
  client.use(readableErrors);
  return client;
}

function retryAfterOf({ headers }: Response): Record<string, string> {
  const retryAfter = headers.get('retry-after');
  return retryAfter === null ? {} : { 'retry-after': retryAfter };
}
