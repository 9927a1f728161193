import { expect } from '@jest/globals';

const TELLTALES = ['server', 'x-powered-by', 'access-control-allow-origin', 'via'];

/** Anything of the software, its files or its storage. */
const WORDS_OF_THE_SOFTWARE =
  /FST_ERR|statusCode|node_modules|\.[jt]s:|QueryFailed|SQLITE|relation "|no such table|fastify|nest/i;

/** An answer, read from the wire or by a client. */
export interface Headed {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Expects what every answer carries, and nothing that tells what the service is made of (HT8). */
export function expectSafe({ headers, text }: Headed, caching = 'no-store'): void {
  expect(headers).toMatchObject({ 'cache-control': caching, 'x-content-type-options': 'nosniff' });
  expect(TELLTALES.filter((name) => name in headers)).toEqual([]);
  if (text !== '') expect(headers['content-type']).toMatch(/^(?:application\/json|text\/[a-z]+; charset=utf-8)$/);
}

/** Expects an ErrorResponse of this status and code, with our headers and no word of the software (HT1). */
export function expectError(answer: Headed, status: number, error: string): void {
  expectSafe(answer);
  expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(`{"error":"${error}","message":"`)]);
  expect(Object.keys(JSON.parse(answer.text) as object)).toEqual(['error', 'message']);
  expect(answer.headers['content-type']).toBe('application/json');
  expect(answer.text).not.toMatch(WORDS_OF_THE_SOFTWARE);
}
