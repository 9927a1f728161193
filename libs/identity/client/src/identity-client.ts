import createClient, { type Client, type Middleware } from 'openapi-fetch';
import { type IdentityApiError, readApiError } from './identity-api-error.js';
import type { paths } from './schema.js';
import { traceRequestsTo } from './traced-requests.js';

/** Operations of the OpenAPI document, with `IdentityApiError` in place of their error bodies. */
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

/** A client with a type for every route: `const { data, error } = await client.GET('/v1/identity/whoami')`. */
export type IdentityClient = Client<{ [Path in keyof paths]: ReadableOperations<paths[Path]> }>;

/** The service to call, and the key to use. */
export interface IdentityClientOptions {
  /** Address of the service without `/v1`, such as `http://localhost:8000`. */
  readonly baseUrl: string;
  /** The key that every request sends. */
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
 * Creates a client of a Feather Identity service. A refusal by the service is in `error`; if the service cannot be
 * reached, a call rejects with the error of `fetch`. The client follows no redirects.
 *
 * @throws Error for a malformed address or key; it never repeats the key
 *
 * @example
 * ```ts
 * const client = createIdentityClient({ baseUrl: 'http://localhost:8000', apiKey });
 * const { data, error } = await client.POST('/v1/identity/api-keys', { body: { name: 'CI' } });
 * ```
 */
export function createIdentityClient({ baseUrl, apiKey }: IdentityClientOptions): IdentityClient {
  if (!/^https?:$/.test(new URL(baseUrl).protocol)) throw new Error('baseUrl must start with http:// or https://.');
  // The error of `fetch` would repeat the whole header.
  if (!VISIBLE_ASCII.test(apiKey)) throw new Error('apiKey is empty or holds characters that no key has.');
  const headers = { 'x-api-key': apiKey };
  const traced = traceRequestsTo(baseUrl);
  // A redirect would send the key to another address.
  const client: IdentityClient = createClient({
    baseUrl,
    headers,
    redirect: 'manual',
    ...(traced && { fetch: traced.fetch }),
  });
  if (traced) client.use(traced.middleware);
  client.use(readableErrors);
  return client;
}

function retryAfterOf({ headers }: Response): Record<string, string> {
  const retryAfter = headers.get('retry-after');
  return retryAfter === null ? {} : { 'retry-after': retryAfter };
}
