import type { Service } from './service.js';

export const KEYS = '/v1/identity/api-keys';
export const WHOAMI = '/v1/identity/whoami';

/** What goes with a request besides its method and path. */
export interface Sent {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body where it is JSON. */
  readonly body: unknown;
}

/** The 201 body as far as tests go on with it. */
export interface CreatedKey {
  readonly id: string;
  readonly key_prefix: string;
  readonly plain_text_key: string;
}

/** Sends one request over a socket; `body` goes as JSON. */
export async function send(
  { port }: Pick<Service, 'port'>,
  method: string,
  path: string,
  sent: Sent = {},
): Promise<Answer> {
  const { key, headers = {}, body } = sent;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: {
      ...(key === undefined ? {} : { 'x-api-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}

/** A key made over HTTP. */
export async function created(
  service: Pick<Service, 'port'>,
  key: string,
  body: unknown = { name: 'CI' },
): Promise<CreatedKey> {
  const answer = await send(service, 'POST', KEYS, { key, body });
  if (answer.status !== 201) throw new Error(`The key was not created: ${answer.text}`);
  return answer.body as CreatedKey;
}

/** The characters of a token that nobody but its holder may see. */
export function secretPart(token: string): string {
  return token.slice(-38, -6);
}
