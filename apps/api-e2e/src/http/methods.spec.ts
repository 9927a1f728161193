import { beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from '../support/installation.js';
import { oneAnswer, written } from '../support/raw-exchange.js';
import type { Service } from '../support/service.js';
import { expectError } from './expect-safe.js';

const KEYS = '/v1/identity/api-keys';
const ONE_KEY = `${KEYS}/0b6f5c1e-8d2a-4f3b-9c7e-1a2b3c4d5e6f`;

/** The methods of every path of the service. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  [KEYS]: ['GET', 'POST'],
  [ONE_KEY]: ['DELETE', 'GET', 'PATCH'],
  [`${ONE_KEY}/rotate`]: ['POST'],
  '/v1/identity/whoami': ['GET'],
  '/v1/identity/authorize': ['GET'],
  '/v1/identity/policy': ['GET', 'PATCH'],
  '/v1/identity/audit-events': ['GET'],
  '/v1/identity/audit-events/export': ['GET'],
  '/v1/identity/usage': ['GET'],
  '/healthz': ['GET', 'HEAD'],
  '/readyz': ['GET', 'HEAD'],
  '/openapi.json': ['GET', 'HEAD'],
  '/': ['GET', 'HEAD'],
  '/docs': ['GET', 'HEAD'],
  '/docs/': ['GET', 'HEAD'],
  '/docs/start.js': ['GET', 'HEAD'],
};
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];

describe('a method that a path does not have (HT4)', () => {
  let service: Service;

  beforeAll(async () => {
    service = await (await Installation.create('sqlite')).start();
  });

  it.each(Object.entries(ALLOWED))('is 405 with Allow, with a key and without: %s', async (path, allowed) => {
    for (const method of METHODS.filter((one) => !allowed.includes(one))) {
      for (const headers of [{}, { 'x-api-key': service.firstKey }]) {
        const answer = await oneAnswer(service.url, written(method, path, headers));
        expect([method, answer.status, answer.headers['allow']?.split(', ').sort()]).toEqual([method, 405, allowed]);
        if (method !== 'HEAD') expectError(answer, 405, 'method_not_allowed');
        else expect(answer.text).toBe('');
      }
    }
  });

  it('is 405 with the methods of the path itself, not those of the keys, on a path that is no key', async () => {
    for (const method of ['PUT', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY']) {
      const answer = await oneAnswer(service.url, written(method, `${KEYS}/verify`));
      expect([method, answer.status, answer.headers['allow']]).toEqual([method, 405, 'POST']);
    }
  });

  it('is 404 on a path that nobody knows', async () => {
    for (const method of METHODS) {
      const answer = await oneAnswer(service.url, written(method, '/v1/identity/nothing'));
      expect([method, answer.status]).toEqual([method, 404]);
    }
  });
});
