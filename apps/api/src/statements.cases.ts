import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WriteBehind, TokenFormat } from '@feather-identity/core';
import { ApiKeyAuthentication } from '@feather-identity/http';
import { DATABASES, emptyDatabase } from '../testing/databases.js';
import { environment } from '../testing/environment.js';
import { created, KEYS, send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startServiceIn, type Tenant } from '../testing/service.js';

const LOOK_UP = /^SELECT .* FROM "api_key_secrets" s JOIN /;
const VERIFICATIONS = 1000;
const SECRET = 's'.repeat(32);

describe.each(DATABASES)('what a request costs on %s', (type) => {
  let service: Service;
  let tenant: Tenant;

  beforeAll(async () => {
    const DATABASE_URL = await emptyDatabase(type, process.env);
    const settings = {
      ORGANIZATION_RATE_LIMIT_PER_MINUTE: String(10 * VERIFICATIONS),
      LAST_USED_FLUSH_SECONDS: '3600',
      // What leases save is counted where they are tested.
      CREDENTIAL_LEASES: 'off',
    };
    service = await startServiceIn(environment({ DATABASE_URL, ...settings }));
    tenant = await createTenant(service);
    // Warm: a pool opens its connections with statements of its own.
    await Promise.all(Array.from({ length: 8 }, () => whoAmI(tenant.key)));
  });

  afterAll(() => service.close());

  const whoAmI = async (key: string) => (await send(service, 'GET', WHOAMI, { key })).status;

  it.each([
    ['null', () => 'null'],
    ['junk', () => 'junk'],
    ['a wrong checksum', () => `${tenant.key.slice(0, -1)}${tenant.key.endsWith('0') ? '1' : '0'}`],
    ['two neighbours swapped', () => swapped(tenant.key)],
    ['another letter case', () => tenant.key.toUpperCase()],
    ['another environment', () => new TokenFormat('fth', 'test').compose('aaaaaaaa', SECRET).reveal()],
    ['another namespace', () => new TokenFormat('acme', 'live').compose('aaaaaaaa', SECRET).reveal()],
  ])('is no statement and no bcrypt for a key that is %s (AU1, KH3)', async (_what, key) => {
    const sent = await service.statements.during(async () => expect(await whoAmI(key())).toBe(401));
    expect([sent, service.identity.hashingQueue.checks]).toEqual([[], 0]);
  });

  it('is at most one statement for a verified request: none on SQLite while nothing is written', async () => {
    const sent = await service.statements.during(async () => expect(await whoAmI(tenant.key)).toBe(200));
    expect(sent).toEqual(type === 'sqlite' ? [] : [expect.stringMatching(LOOK_UP)]);
    await service.identity.dataSource.query("UPDATE members SET role = 'owner'");
    const later = await service.statements.during(async () => expect(await whoAmI(tenant.key)).toBe(200));
    expect(later).toEqual([expect.stringMatching(LOOK_UP)]);
    expect(service.identity.hashingQueue.checks).toBe(0);
  });

  it('is the same statement, whoever made the key and however deep it is below others', async () => {
    let key = tenant.key;
    for (let depth = 0; depth < 5; depth += 1) key = (await created(service, key)).plain_text_key;
    const sentFor = async (token: string) => {
      expect(await whoAmI(token)).toBe(200);
      await service.identity.dataSource.query("UPDATE members SET role = 'owner'");
      return [...(await service.statements.during(async () => expect(await whoAmI(token)).toBe(200)))];
    };
    const sent = await sentFor(key);
    expect(sent).toEqual([expect.stringMatching(LOOK_UP)]);
    expect(sent).toEqual(await sentFor(tenant.key));
  });

  it('is two statements for a new key and four for a revocation on PostgreSQL, seven and five on SQLite, with the look-up of the caller', async () => {
    const { key } = tenant;
    // The keys of the organization are counted for the first one.
    const { id } = await created(service, key);
    const creation = await service.statements.during(() => created(service, key));
    const revocation = await service.statements.during(() => send(service, 'DELETE', `${KEYS}/${id}`, { key }));
    expect([creation.length, revocation.length]).toEqual(type === 'sqlite' ? [7, 5] : [2, 4]);
  });

  it('is one write of the last use, of its hour and of its day for 1,000 verifications of one key', async () => {
    // With it is recorded, for the next five minutes, that uses are written.
    await service.app.get(WriteBehind).flush();
    const sent = await service.statements.during(async () => {
      const authentication = service.app.get(ApiKeyAuthentication);
      const request = { headers: { 'x-api-key': tenant.key } };
      const response = { header: () => undefined };
      for (let i = 0; i < VERIFICATIONS; i += 1) await authentication.admit(request, response, []);
      await service.app.get(WriteBehind).flush();
    });
    // The jobs that run every hour may be due meanwhile.
    const ofJobs = /"job_leases"|^DELETE FROM "api_key_usage/;
    const isWrite = (sql: string) => sql !== 'COMMIT' && !/^(?:SELECT|BEGIN|START)/.test(sql) && !ofJobs.test(sql);
    expect(sent.filter(isWrite)).toEqual([
      expect.stringMatching(/^(?:WITH held AS .*)?UPDATE "api_keys" (?:AS k )?SET last_used_at/),
      expect.stringMatching(/^INSERT INTO "api_key_usage_hours"/),
      expect.stringMatching(/^INSERT INTO "api_key_usage_days"/),
    ]);
  });

  it.each([
    ['an unknown public part', () => new TokenFormat('fth', 'live').compose('unknown0', SECRET).reveal()],
    ['a wrong secret', () => new TokenFormat('fth', 'live').compose(tenant.key.slice(9, 17), SECRET).reveal()],
  ])('is at most one statement and no bcrypt for %s', async (_what, key) => {
    const sent = await service.statements.during(async () => expect(await whoAmI(key())).toBe(401));
    expect(sent.every((statement) => LOOK_UP.test(statement))).toBe(true);
    expect(sent.length).toBeLessThanOrEqual(1);
    expect(service.identity.hashingQueue.checks).toBe(0);
  });

  it('is no statement without a key, on every route', async () => {
    const sent = await service.statements.during(async () => {
      for (const [method, path] of [
        ['GET', WHOAMI],
        ['GET', KEYS],
        ['POST', KEYS],
        ['DELETE', `${KEYS}/${tenant.apiKey.id}`],
      ] as const) {
        expect((await send(service, method, path)).status).toBe(401);
      }
    });
    expect(sent).toEqual([]);
  });

  it('is at most one bcrypt, also for a key whose public part another secret wants (KH8)', async () => {
    const { key_prefix, id } = await created(service, tenant.key);
    const row = `SELECT '${tenant.apiKey.id}', api_key_id, key_prefix, hash, proof, created_at, valid_until`;
    const copy = `INSERT INTO api_key_secrets (id, api_key_id, key_prefix, hash, proof, created_at, valid_until) `;
    const again = service.identity.dataSource.query(`${copy} ${row} FROM api_key_secrets WHERE api_key_id = '${id}'`);
    await expect(again).rejects.toThrow(/unique/i);
    const forged = new TokenFormat('fth', 'live').compose(key_prefix.slice(9), SECRET).reveal();
    expect([await whoAmI(forged), service.identity.hashingQueue.checks]).toEqual([401, 0]);
  });
});

/** The key with its first two neighbours that differ exchanged. */
function swapped(key: string): string {
  const at = [...key].findIndex((letter, index) => index > 8 && letter !== key[index + 1]);
  return `${key.slice(0, at)}${key.charAt(at + 1)}${key.charAt(at)}${key.slice(at + 2)}`;
}
