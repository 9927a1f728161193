import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES, emptyDatabase } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import { created, KEYS, secretPart, send, type Sent, WHOAMI } from '../../testing/requests.js';
import { createTenant, type Service, startServiceIn } from '../../testing/service.js';

describe.each(DATABASES)('the log on %s at its most talkative level', (type) => {
  let service: Service;
  let admin: string;
  let key: string;
  /** Verified by nobody: a lease has it not in memory. */
  let unused: string;

  beforeAll(async () => {
    // From a trusted proxy the log takes more.
    const DATABASE_URL = await emptyDatabase(type, process.env);
    service = await startServiceIn(environment({ DATABASE_URL, TRUSTED_PROXIES: '127.0.0.1' }));
    ({ key: admin } = await createTenant(service));
    ({ plain_text_key: key } = await created(service, admin));
    ({ plain_text_key: unused } = await created(service, admin));
  });

  afterAll(() => service.close());

  it('never shows a key, wherever a client put it (AU3)', async () => {
    const misplaced: [number, string, string, Sent][] = [
      [401, 'GET', `${WHOAMI}?x-api-key=${key}`, {}],
      [401, 'GET', `${WHOAMI}?${key}`, {}],
      [401, 'GET', WHOAMI, { headers: { cookie: `x-api-key=${key}` } }],
      [401, 'GET', WHOAMI, { headers: { authorization: `Bearer ${key}` } }],
      [401, 'GET', WHOAMI, { headers: { x_api_key: key } }],
      [401, 'GET', WHOAMI, { key: `${key}, ${key}` }],
      [401, 'POST', KEYS, { body: { name: 'CI', 'x-api-key': key } }],
      [401, 'DELETE', `${KEYS}/${key}`, {}],
      [404, 'GET', `/${key}`, {}],
      [405, 'PUT', WHOAMI, { key }],
      [200, 'GET', WHOAMI, { key, headers: { 'user-agent': key, referer: `http://a/${key}`, 'x-request-id': key } }],
      [401, 'GET', WHOAMI, { headers: { 'x-request-id': key, traceparent: `00-${key}-${key}-00` } }],
      [401, 'GET', WHOAMI, { headers: { 'x-original-uri': `/orders/${key}?key=${key}`, 'x-original-method': key } }],
      [401, 'GET', WHOAMI, { headers: { 'x-forwarded-uri': `/${key};a=${key}`, 'x-forwarded-method': key } }],
      [401, 'GET', WHOAMI, { headers: { 'x-original-uri': key, 'x-forwarded-for': `${key}, 10.0.0.1` } }],
      [422, 'DELETE', `${KEYS}/${key}`, { key }],
      [422, 'GET', `${KEYS}?key_prefix=${key}`, { key }],
      [422, 'GET', `/v1/identity/audit-events?key_prefix=${key.slice(0, -1)}`, { key }],
      [422, 'POST', KEYS, { key, body: { [key]: key } }],
      [201, 'POST', KEYS, { key, body: { name: key } }],
      [401, 'GET', WHOAMI, { key: `${key}0` }],
    ];
    for (const [status, method, path, sent] of misplaced) {
      expect((await send(service, method, path, sent)).status).toBe(status);
    }
    await service.log.requests(misplaced.length);
    expectNoSecrets();
  });

  it('never shows a key when the database fails', async () => {
    await service.identity.dataSource.query('DROP TABLE api_key_secrets');
    const { status, body } = await send(service, 'GET', WHOAMI, { key: unused });
    expect([status, body]).toEqual([500, { error: 'internal_error', message: 'An unexpected error occurred.' }]);
    expect(service.log.lines).toContainEqual(expect.objectContaining({ level: 50, context: 'ApiErrorFilter' }));
    expectNoSecrets();
  });

  function expectNoSecrets(): void {
    const { text } = service.log;
    for (const token of [admin, key, unused]) {
      const secret = secretPart(token);
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 40));
      for (const encoding of ['hex', 'base64', 'base64url'] as const) {
        expect(text).not.toContain(createHash('sha256').update(token).digest(encoding));
      }
    }
  }
});
