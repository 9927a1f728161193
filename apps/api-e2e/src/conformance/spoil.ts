import type { Forwarded, Spoilable } from '../support/spoiling-proxy.js';

const KEYS = '/v1/identity/api-keys';

const on = (method: string, path: string) => (request: Forwarded) => request.method === method && request.path === path;
/** Requests that list keys. */
export const listing = on('GET', KEYS);
/** Requests that create a key. */
export const creating = on('POST', KEYS);
/** Requests that ask who is calling. */
export const asking = on('GET', '/v1/identity/whoami');

/** Rewrites the JSON of answers to some requests. */
export const json =
  (applies: (request: Forwarded) => boolean, change: (body: never) => unknown) =>
  (answer: Spoilable, request: Forwarded): void => {
    if (applies(request) && answer.status < 300) answer.text = JSON.stringify(change(JSON.parse(answer.text) as never));
  };

/** Changes answers of one status. */
export const withStatus = (status: number, change: (answer: Spoilable) => void) => (answer: Spoilable) => {
  if (answer.status === status) change(answer);
};

/** Gives the service a key that the client put elsewhere. */
export const lenient = (find: (request: Forwarded) => string | undefined) => (request: Forwarded) => {
  const key = find(request);
  if (key === undefined) return;
  const others = pairs(request.rawHeaders).filter(([name]) => name.toLowerCase() !== 'x-api-key');
  request.rawHeaders = [...others, ['x-api-key', key]].flat();
};

const pairs = (raw: readonly string[]): [string, string][] =>
  raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ''] as [string, string]] : []));

/** The value of a request header that was sent once. */
export const header = (name: string) => (request: Forwarded) => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
};
