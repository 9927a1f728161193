import type { paths } from '@feather-identity/client';
import { readFailure, RequestFailed } from '@feather-identity/react';
import createClient from 'openapi-fetch';

/** Where the page was served from, with `/` at its end: `<base>` in index.html says it. */
const BASE = new URL('.', document.baseURI);

/** Where the API begins, for links that the browser follows by itself. */
export const API = new URL('api', BASE).href;

/** The path of the console, such as `/console`. */
export const basePath = BASE.pathname.replace(/\/$/, '');

/** A client with a type for every route of the API. The session's cookie authenticates it. */
export const api = createClient<paths>({ baseUrl: API, credentials: 'same-origin' });

let refused = (): void => undefined;

/** Calls `listener` when the API no longer accepts the session, or the session may not call a route at all. */
export function whenRefused(listener: () => void): void {
  refused = listener;
}

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** The data of an answer; throws RequestFailed for everything that is no success. */
export async function dataOf<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  return (await answerOf(call)).data;
}

/** The data of an answer, and the answer itself for its headers. */
export async function answerOf<Data>(call: Promise<Answer<Data>>): Promise<{ data: Data; response: Response }> {
  const { data, error, response } = await call.catch(() => {
    throw new RequestFailed(0, null, '');
  });
  if (response.status === 401) refused();
  if (!response.ok) throw readFailure(response.status, error);
  return { data: data as Data, response };
}

/**
 * A request to a route that the generated types do not have.
 *
 * @param path - below `/console/api/`
 */
export async function request<Data>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Data> {
  const response = await fetch(`${API}/${path}`, {
    method,
    credentials: 'same-origin',
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  }).catch(() => {
    throw new RequestFailed(0, null, '');
  });
  // About the session itself, 401 is an answer.
  if (response.status === 401 && path.startsWith('v1/')) refused();
  const text = await response.text();
  if (!response.ok) throw readFailure(response.status, parsed(text));
  return (text === '' ? undefined : parsed(text)) as Data;
}

/** The cursor of the next page, out of the `Link` header (RFC 8288). */
export function nextCursorOf(response: Response): string | null {
  const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  return next === undefined ? null : new URL(next, BASE).searchParams.get('cursor');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
