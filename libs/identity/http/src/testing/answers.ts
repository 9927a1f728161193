import assert from 'node:assert/strict';
import type { Exchange } from './guarded-host.js';

/** What tells a client how to go on. An answer has those that are expected of it, and none of the others. */
const TELLING = ['www-authenticate', 'retry-after', 'ratelimit', 'ratelimit-policy'];

/** An answer to the letter. */
export interface ExpectedAnswer {
  readonly status: number;
  readonly body: unknown;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An application that answers by NestJS's own filter names the charset of JSON, ours do not. */
const CHARSET = /; charset=utf-8$/;

/** Fails unless an answer is exactly this one: its status, the bytes of its JSON, and its headers. */
export function assertAnswer(answered: Exchange, { status, body, headers = {} }: ExpectedAnswer, what = ''): void {
  const shown = answered.headers
    .filter(([name]) => TELLING.includes(name) || name === 'content-type')
    .map(([name, value]) => [name, value.replace(CHARSET, '')] as const);
  assert.deepEqual(
    { status: answered.status, text: answered.text, headers: Object.fromEntries(shown) },
    {
      status,
      text: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    },
    what,
  );
}

/** The answer to a request without a valid key. */
export const UNAUTHENTICATED: ExpectedAnswer = {
  status: 401,
  body: {
    error: 'authentication_required',
    message: 'No valid API key was provided. Pass your key in the x-api-key header.',
  },
  headers: { 'www-authenticate': 'ApiKey realm="identity"' },
};

/** The answer to a valid key that lacks the permission. */
export function forbidden(message: string): ExpectedAnswer {
  return { status: 403, body: { error: 'permission_denied', message } };
}

/** An answer after which a retry may succeed in this many seconds. */
export function retryable(status: number, error: string, message: string, seconds: number): ExpectedAnswer {
  const body = { error, message, retryable: true, retry_after: seconds };
  return { status, body, headers: { 'retry-after': String(seconds) } };
}
