import { describe, expect, it } from '@jest/globals';
import { Installation } from '../support/installation.js';
import { exchangeBytes, written } from '../support/raw-exchange.js';

const PATHS = [
  '/console',
  '/console/',
  '/console/keys',
  '/console/index.html',
  '/console/assets/index.js',
  '/console/api/session',
  '/console/api/sessions',
  '/console/api/v1/identity/whoami',
  '/console/api/v1/identity/api-keys',
  '/v1/identity/console-links',
];

/** What two services with the same history say differently: when, and the number of the request. */
const VARIABLE = /^(?:Date|X-Request-Id): .*$/gim;

describe('a service without its console', () => {
  it('has nothing at its addresses, and answers everything else to the byte as one that has it', async () => {
    const installation = await Installation.create('sqlite');
    const on = await installation.start({ CONSOLE: 'on' });
    const key = on.firstKey;
    const off = await installation.start({ CONSOLE: 'off' });

    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const ask = async (path: string): Promise<string> =>
        stable(await exchangeBytes(off.url, written(method, path, { 'x-api-key': key, Origin: off.url })));
      const nothing = await ask('/nowhere');
      expect(nothing).toMatch(/^HTTP\/1\.1 404 /);
      const answers = await Promise.all(PATHS.map(ask));
      expect(answers.map((answer, index) => [method, PATHS[index], answer])).toEqual(
        PATHS.map((path) => [method, path, nothing]),
      );
    }

    const id = (await on.list(key))[0]?.id ?? '';
    for (const [method, path, body] of [
      ['GET', '/v1/identity/whoami', ''],
      ['GET', '/v1/identity/api-keys', ''],
      ['GET', `/v1/identity/api-keys/${id}`, ''],
      ['GET', '/v1/identity/policy', ''],
      ['GET', '/v1/identity/scopes', ''],
      ['GET', '/v1/identity/api-keys/no-uuid', ''],
      ['POST', '/v1/identity/api-keys', '{"name":""}'],
      ['DELETE', '/v1/identity/api-keys/01a00000-0000-7000-8000-000000000000', ''],
      ['GET', '/healthz', ''],
      ['GET', '/nowhere', ''],
    ] as const) {
      const headers = { 'x-api-key': key, 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
      const request = written(method, path, headers, body);
      const [withConsole, without] = await Promise.all([on, off].map(({ url }) => exchangeBytes(url, request)));
      expect({ path, answer: stable(without) }).toEqual({ path, answer: stable(withConsole) });
    }
    expect((await exchangeBytes(on.url, written('GET', '/console/'))).slice(0, 12)).toBe('HTTP/1.1 200');
  });
});

function stable(answer = ''): string {
  return answer.replaceAll(VARIABLE, '');
}
