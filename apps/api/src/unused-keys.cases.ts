import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Identity, JobLeases, WriteBehind, RevokeUnusedApiKeys } from '@feather-identity/core';
import { DATABASES } from '../testing/databases.js';
import { type Pair, startPair } from '../testing/pair.js';
import { created, KEYS, send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, type Tenant } from '../testing/service.js';

/** More than one batch of the job. */
const UNUSED = 110;
const LONG_AGO = "'2020-01-01 00:00:00.000'";
const OBSERVED_ALWAYS =
  `INSERT INTO use_observations VALUES (${LONG_AGO}, '2200-01-01 00:00:00.000') ` +
  'ON CONFLICT (started_at) DO NOTHING';

/** Whoever asks gets it: two instances believe that the job is theirs. */
class EverybodysLeases extends JobLeases {
  override acquire(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

describe.each(DATABASES)('the job of two instances on %s that revokes unused keys', (type) => {
  let pair: Pair;
  let tenant: Tenant;
  let unused: string[];
  let kept: string[];

  beforeAll(async () => {
    pair = await startPair(type, process.env);
  });

  afterAll(() => pair.close());

  beforeEach(async () => {
    tenant = await createTenant(pair.a);
    unused = [];
    while (unused.length < UNUSED) {
      const made = await Promise.all(Array.from({ length: 10 }, () => created(pair.a, tenant.key)));
      unused.push(...made.map(({ id }) => id));
    }
    const used = await created(pair.a, tenant.key);
    await age([...unused, used.id]);
    await pair.a.identity.dataSource.query(OBSERVED_ALWAYS);
    kept = [used.id, (await created(pair.a, tenant.key)).id, tenant.apiKey.id];
    expect((await send(pair.b, 'GET', WHOAMI, { key: used.plain_text_key })).status).toBe(200);
    await pair.b.app.get(WriteBehind).flush();
    const body = { revoke_unused_after_days: 30 };
    expect((await send(pair.a, 'PATCH', '/v1/identity/policy', { key: tenant.key, body })).status).toBe(200);
  });

  const age = async (keys: readonly string[]) => {
    const ids = keys.map((id) => `'${id}'`).join();
    for (const [table, column] of Object.entries({ api_keys: 'id', api_key_secrets: 'api_key_id' })) {
      const text = `UPDATE ${table} SET created_at = ${LONG_AGO} WHERE ${column} IN (${ids})`;
      await pair.a.identity.dataSource.query(text);
    }
  };

  async function expectRevokedOnce(): Promise<void> {
    const listed = (await send(pair.b, 'GET', KEYS, { key: tenant.key })).body as { id: string }[];
    expect(listed.map(({ id }) => id).sort()).toEqual([...kept].sort());
    const path = '/v1/identity/audit-events?limit=200&type=api_key.revoked';
    const { items } = (await send(pair.b, 'GET', path, { key: tenant.key })).body as {
      items: { api_key_id: string }[];
    };
    expect(items.map((event) => event.api_key_id).sort()).toEqual([...unused].sort());
    for (const event of items) {
      expect(event).toMatchObject({ actor_type: 'system', actor_api_key_id: null, changes: { unused_for_days: 30 } });
    }
  }

  it('is done by one of them, which revokes and records each key once and leaves used ones alone', async () => {
    const counts = await Promise.all([pair.a, pair.b].map(({ app }) => app.get(RevokeUnusedApiKeys).execute()));
    expect(counts.sort((one, other) => one - other)).toEqual([0, UNUSED]);
    await expectRevokedOnce();
  });

  it('revokes and records each key once even where both do it', async () => {
    const leases = new EverybodysLeases();
    const job = ({ identity }: Service) => new Identity({ ...identity, leases }, identity).revokeUnusedApiKeys;
    const counts = await Promise.all([job(pair.a).execute(), job(pair.b).execute()]);
    expect(counts[0] + counts[1]).toBe(UNUSED);
    await expectRevokedOnce();
  });
});
