import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiKeyRepository, IdentityError, type SecretVerdict } from '@feather-identity/core';
import { FakeSecretHasher } from '@feather-identity/core/testing';
import { createTenant, type Host, PROTECTIONS, startHost, type Tenant } from '../../testing/host.js';
import { create, keyWith } from '../../testing/keys.js';
import { KEYS, send, WHOAMI } from '../../testing/requests.js';

const UNAVAILABLE = new IdentityError('storage.unavailable', 'The service cannot reach its storage.');
const LEAKY = Object.assign(new Error('SELECT * FROM api_keys at /srv/app'), { parameters: ['$2b$10$hash'] });
const E500 = { error: 'internal_error', message: 'An unexpected error occurred.' };
const E503 = {
  error: 'service_unavailable',
  message: 'The service cannot reach its storage.',
  retryable: true,
  retry_after: 1,
};

class FailingHasher extends FakeSecretHasher {
  failure: Error | null = null;

  override async verify(...args: Parameters<FakeSecretHasher['verify']>): Promise<SecretVerdict> {
    if (this.failure !== null) throw this.failure;
    return super.verify(...args);
  }
}

let host: Host;
let tenant: Tenant;
let hasher: FailingHasher;

const start = async (protection: (typeof PROTECTIONS)[number] = 'hook and guard') => {
  hasher = new FailingHasher();
  host = await startHost({ protection, hasher });
};

/** Puts everything back that a test broke. */
const mend = () => {
  const { apiKeys, identity } = host;
  const { proofs, clock, auditLog } = identity;
  hasher.failure = null;
  apiKeys.failures.clear();
  const replaced: readonly (readonly [object, string])[] = [
    [proofs, 'get'],
    [proofs, 'set'],
    [clock, 'now'],
    [apiKeys, 'findCredential'],
    [auditLog, 'append'],
  ];
  for (const [port, method] of replaced) Reflect.deleteProperty(port, method);
};

describe('a failing port', () => {
  // Nothing is known yet of its key.
  beforeEach(async () => {
    tenant = await createTenant(host);
  });

  afterEach(mend);
  describe.each(PROTECTIONS)('a failure while a key is verified by %s', (protection) => {
    beforeAll(() => start(protection));
    afterAll(() => host.app.close());

    it('is 503 with Retry-After when the storage cannot be reached', async () => {
      host.apiKeys.failures.set('findCredential', UNAVAILABLE);
      const { status, headers, body } = await send(host, 'GET', WHOAMI, { key: tenant.key });
      expect([status, headers.get('retry-after'), body]).toEqual([503, '1', E503]);
    });

    const fail = (): never => {
      throw LEAKY;
    };

    it.each([
      ['the cache of proofs throws', () => (host.identity.proofs.get = fail)],
      ['the look-up throws', () => host.apiKeys.failures.set('findCredential', LEAKY)],
      ['the look-up throws no error', () => host.apiKeys.failures.set('findCredential', 'SELECT')],
      ['the hasher throws', () => (hasher.failure = LEAKY)],
      ['the proof cannot be remembered', () => (host.identity.proofs.set = fail)],
      ['the clock throws', () => (host.identity.clock.now = fail)],
    ])('never lets the request through and tells nothing: %s (OU3)', async (_what, breakIt) => {
      breakIt();
      await expectFault();
    });

    it.each([
      ['the cache of proofs throws', () => (host.identity.proofs.get = fail)],
      ['the look-up throws', () => host.apiKeys.failures.set('findCredential', LEAKY)],
      ['the look-up fails later', () => (host.apiKeys.findCredential = () => Promise.reject(LEAKY))],
      ['the clock throws', () => (host.identity.clock.now = fail)],
    ])('never lets a key through that was accepted before: %s (OU3)', async (_what, breakIt) => {
      expect((await send(host, 'GET', WHOAMI, { key: tenant.key })).status).toBe(200);
      breakIt();
      await expectFault();
    });

    async function expectFault(): Promise<void> {
      const { status, headers, body } = await send(host, 'GET', WHOAMI, { key: tenant.key });
      expect([status, body]).toEqual([500, E500]);
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  describe('a failure behind authentication', () => {
    beforeAll(() => start());
    afterAll(() => host.app.close());

    const requests: [keyof ApiKeyRepository, () => ReturnType<typeof send>][] = [
      ['insert', () => send(host, 'POST', KEYS, { key: tenant.key, body: { name: 'CI' } })],
      ['list', () => send(host, 'GET', KEYS, { key: tenant.key })],
      ['find', () => send(host, 'GET', `${KEYS}/${tenant.apiKey.id}`, { key: tenant.key })],
      ['find', () => send(host, 'POST', `${KEYS}/${tenant.apiKey.id}/rotate`, { key: tenant.key })],
      ['change', () => send(host, 'PATCH', `${KEYS}/${tenant.apiKey.id}`, { key: tenant.key, body: { name: 'CI' } })],
      ['findCredential', () => send(host, 'POST', `${KEYS}/verify`, { key: tenant.key, body: { key: tenant.key } })],
      ['revoke', () => send(host, 'DELETE', `${KEYS}/${tenant.apiKey.id}`, { key: tenant.key })],
    ];

    it.each(requests)('is 503 while the storage cannot be reached, 500 otherwise: %s', async (method, request) => {
      host.apiKeys.failures.set(method, UNAVAILABLE);
      expect(await request()).toMatchObject({ status: 503, body: E503 });
      host.apiKeys.failures.set(method, LEAKY);
      expect(await request()).toMatchObject({ status: 500, body: E500 });
      host.apiKeys.failures.clear();
      expect((await request()).status).toBeLessThan(300);
    });

    it('keeps a denied escalation from an answer as long as nothing can tell of it', async () => {
      const key = await keyWith(host, tenant.key, 'api_keys:manage');
      host.identity.auditLog.append = () => Promise.reject(UNAVAILABLE);
      const answer = await create(host, key, { name: 'CI', scopes: ['*'] });
      expect(answer).toMatchObject({ status: 503, body: E503 });
      expect((await create(host, key, { name: 'CI' })).status).toBe(201);
    });

    it('is logged once with its stack and without its properties', async () => {
      host.apiKeys.failures.set('list', LEAKY);
      const before = host.logger.lines.length;
      await send(host, 'GET', KEYS, { key: tenant.key });
      const logged = host.logger.lines.slice(before);
      expect(logged).toHaveLength(1);
      expect(logged[0]).toContain('failing-ports.cases');
      expect(logged[0]).not.toContain('$2b$10$hash');
    });
  });
});
