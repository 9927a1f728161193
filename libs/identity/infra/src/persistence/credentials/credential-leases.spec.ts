import { setTimeout as sleep } from 'node:timers/promises';
import { type NewOrganization, ScopeGrant } from '@feather-identity/core';
import {
  aKeyPrefix,
  aNewApiKey,
  aNewOrganization,
  anAuditEvent,
  aRevocationOf,
  aSecretOf,
} from '@feather-identity/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase, testDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { TcpGate } from '../../../testing/tcp-gate.js';
import { emptyLocation } from '../../../testing/test-location.js';
import { openDatabase } from '../database/open-database.js';
import type { DatabaseLocation } from '../database/database-url.js';
import { DatabaseNotReadyError } from '../sql/errors.js';
import { createRepositories } from '../repositories.js';
import { COMPLETE_ID, CONFIRMED_FOR_EVER, GUARD_TRIGGER } from '../tables/credential-leases.js';
import { credentialStatement } from './credential-source.js';
import { LEASE_TERMS } from './lease-protocol.js';
import { readHeldLeases } from './postgres-leases.js';

const NOW = new Date('2026-05-06T07:08:09.010Z');
/** More than a lease and the statements around it take. A test that waits so long has failed. */
const PATIENCE_MS = 8000;

/** An instance of the service, as the verification of keys sees it. */
interface Instance extends TestDatabase {
  readonly changes: (readonly [isHeld: boolean, reason: unknown])[];
}

async function openInstance(location: DatabaseLocation): Promise<Instance> {
  const changes: Instance['changes'] = [];
  const dataSource = await openDatabase({ location, poolSize: 3 });
  const onLease = (isHeld: boolean, reason: unknown) => changes.push([isHeld, reason]);
  const database = testDatabase(location, dataSource, { leases: true, onLease });
  return {
    ...database,
    changes,
    close: async () => {
      await database.apiKeys.release();
      await database.close();
    },
  };
}

describe('leases on the credentials of PostgreSQL', () => {
  let location: DatabaseLocation;
  let instances: [Instance, Instance];
  let command: TestDatabase;
  let stored: NewOrganization;

  beforeAll(async () => {
    location = await emptyLocation('postgres');
    // It has no lease.
    command = await openTestDatabase('postgres', location);
    instances = [await openInstance(location), await openInstance(location)];
  });
  beforeEach(async () => {
    stored = aNewOrganization();
    await command.organizations.insert(stored);
    await Promise.all(instances.map(warm));
    for (const { changes } of instances) changes.length = 0;
  });
  afterAll(() => Promise.all([...instances, command].map((each) => each.close())));

  const find = async ({ apiKeys }: TestDatabase) =>
    (await apiKeys.findCredential(stored.apiKey.keyPrefix)) ?? undefined;

  async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await isSo())) {
      if (performance.now() > deadline) throw new Error('It has not come to this.');
      await sleep(5);
    }
  }

  /** Until the instance has its lease and holds the credential. */
  async function warm(instance: Instance): Promise<void> {
    const { apiKeys } = instance;
    await until(async () => {
      await find(instance);
      const before = apiKeys.credentialQueries;
      await find(instance);
      return before === apiKeys.credentialQueries && apiKeys.credentialLease?.isHeld === true;
    });
  }

  const sql = (text: string) => command.dataSource.query<Record<string, unknown>[]>(text);
  const leases = () => sql('SELECT id FROM credential_leases WHERE confirmed < 9223372036854775807 ORDER BY id');
  const revocation = () => aRevocationOf(stored.apiKey, NOW);
  const event = () => anAuditEvent({ organizationId: stored.organization.id });
  const revoke = ({ apiKeys }: TestDatabase) => apiKeys.revoke(stored.organization.id, stored.apiKey.id, revocation());

  it('let a warm request do without a statement', async () => {
    const [{ apiKeys }] = instances;
    const before = apiKeys.credentialQueries;
    for (let round = 0; round < 100; round += 1) await find(instances[0]);
    // A row is read again once a lease.
    expect(apiKeys.credentialQueries - before).toBeLessThanOrEqual(1);
  });

  /** Writes that take something away, by a process that has no lease of its own. */
  const CHANGES: Readonly<Record<string, (writer: TestDatabase) => Promise<unknown>>> = {
    'a key is revoked': revoke,
    'an unused key is revoked': ({ apiKeys }) =>
      apiKeys.revokeUnused(stored.organization.id, stored.apiKey.id, NOW, revocation()),
    'many keys are ended': ({ apiKeys }) =>
      apiKeys.end(stored.organization.id, 'revoke', [stored.apiKey.id], {
        eventOf: revocation,
        descendantsOf: () => ({ eventOf: revocation }),
      }),
    'a key is narrowed': ({ apiKeys }) =>
      apiKeys.change(stored.organization.id, stored.apiKey.id, ({ apiKey }) => ({
        apiKey: apiKey.with({ grant: ScopeGrant.of(['orders:read']) }),
        event: event(),
      })),
    'a key is rotated without grace': ({ apiKeys }) =>
      apiKeys.change(stored.organization.id, stored.apiKey.id, ({ apiKey }) => {
        const next = aSecretOf(apiKey, { keyPrefix: aKeyPrefix() });
        const rotated = apiKey.with({ keyPrefix: next.keyPrefix });
        return { apiKey: rotated, event: event(), rotation: { secret: next, previousValidUntil: NOW } };
      }),
    'an organization is disabled': ({ organizations }) =>
      organizations.change(stored.organization.id, (organization) => ({
        organization: { ...organization, disabledAt: NOW },
        event: event(),
      })),
    'an organization is deleted': ({ organizations }) => organizations.delete(stored.organization.id, event),
    'a member is disabled': ({ members }) =>
      members.change(stored.organization.id, stored.owner.id, (member) => ({
        member: { ...member, disabledAt: NOW },
        event: event(),
      })),
    'a member is removed': ({ members }) =>
      members.remove(stored.organization.id, stored.owner.id, event, () => ({ eventOf: revocation })),
    'the release before, or SQL by hand, changes a row': ({ dataSource }) =>
      dataSource.query("UPDATE api_key_secrets SET valid_until = '2026-05-06 07:08:09.010' WHERE id = $1", [
        stored.secret.id,
      ]),
    'rows are deleted by hand': ({ dataSource }) =>
      dataSource.query('DELETE FROM api_key_secrets WHERE id = $1', [stored.secret.id]),
    'an application does it in a transaction of its own': ({ dataSource }) =>
      dataSource.transaction((manager) =>
        createRepositories(dataSource)
          .joinTransaction(manager)
          .apiKeys.revoke(stored.organization.id, stored.apiKey.id, revocation()),
      ),
  };

  it.each(Object.entries(CHANGES))('show at once on every instance that %s', async (_what, change) => {
    const before = await Promise.all(instances.map(find));
    await change(command);
    // Without a lease.
    const now = await find(command);
    expect(now).not.toEqual(before[0]);
    expect(await Promise.all(instances.map(find))).toEqual([now, now]);
  });

  it('are kept through a revocation, which is two statements and those that wait for them', async () => {
    const before = await leases();
    const sent: string[] = [];
    const { logger } = command.dataSource;
    const logQuery = logger.logQuery.bind(logger);
    logger.logQuery = (text) => void sent.push(text);
    await command.apiKeys.revoke(stored.organization.id, stored.apiKey.id, revocation(), { eventOf: revocation });
    logger.logQuery = logQuery;
    expect(await leases()).toEqual(before);
    const waiting = sent.splice(3);
    expect(sent).toEqual([
      expect.stringMatching(/^WITH revoked AS \(UPDATE /),
      expect.stringMatching(/^WITH RECURSIVE tree .* SELECT count/),
      expect.stringMatching(/^SELECT txid_current\(\)/),
    ]);
    expect(new Set(waiting)).toEqual(new Set([expect.stringMatching(/^SELECT .* WHERE confirmed < \$1/)]));
  });

  it('are given up before an application goes on that revokes a key in a transaction of its own', async () => {
    await command.dataSource.transaction(async (manager) => {
      await revoke({ ...command, ...createRepositories(command.dataSource).joinTransaction(manager) });
      expect(instances.map(({ apiKeys }) => apiKeys.credentialLease?.isHeld)).toEqual([false, false]);
    });
  });

  it('are counted without a clock, and those of instances that are gone apart', async () => {
    await sql("INSERT INTO credential_leases VALUES ('11111111-1111-7111-8111-111111111111', 1000000, 0)");
    const expected = { held: 2, mostRenewals: 1_000_000, abandoned: 1, faults: [] };
    expect(await readHeldLeases(command.dataSource)).toEqual(expected);
    await sql('DELETE FROM credential_leases WHERE renewals = 1000000');
    const { mostRenewals, ...others } = await readHeldLeases(command.dataSource);
    expect(others).toEqual({ held: 2, abandoned: 0, faults: [] });
    expect(mostRenewals).toBeLessThan(1000);
  });

  it('show changes that are rolled back to nobody, and go on', async () => {
    await command.dataSource
      .transaction(async (manager) => {
        await manager.query("UPDATE api_keys SET revoked_at = '2026-05-06 07:08:09.010'");
        // The triggers have waited until no instance has a lease.
        expect(instances.map(({ apiKeys }) => apiKeys.credentialLease?.isHeld)).toEqual([false, false]);
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    expect((await find(instances[0]))?.apiKey.revokedAt).toBeNull();
    await warm(instances[0]);
  });

  it('survive uses, renewed proofs and new keys: nothing is read again', async () => {
    const [{ apiKeys }] = instances;
    const before = apiKeys.credentialQueries;
    await command.apiKeys.recordLastUsed(new Map([[stored.apiKey.id, NOW]]));
    await command.apiKeys.recordSecretsLastUsed(new Map([[stored.secret.id, NOW]]));
    await command.apiKeys.replaceProofs([{ secretId: stored.secret.id, expected: stored.secret.proof, proof: 'new' }]);
    await command.apiKeys.insert(aNewApiKey(stored.owner));
    await find(instances[0]);
    expect(apiKeys.credentialQueries).toBe(before);
  });

  it('end with their connection, and begin again on another', async () => {
    await sql(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() ' +
        "AND query LIKE '%credential_leases%' AND pid <> pg_backend_pid()",
    );
    await until(() => instances.every(({ changes }) => changes.length > 0));
    expect(instances.map(({ changes }) => changes[0]?.[0])).toEqual([false, false]);
    await revoke(command);
    expect((await find(instances[0]))?.apiKey.revokedAt).toEqual(NOW);
    await Promise.all(instances.map(warm));
    expect(instances.map(({ changes }) => changes[1]?.[0])).toEqual([true, true]);
  });

  it('hold up a change for a lease at most when an instance is cut off, which answers no more by then', async () => {
    if (location.type !== 'postgres') throw new Error('not PostgreSQL');
    const gate = await TcpGate.open(new URL(location.url));
    const url = new URL(location.url);
    url.port = String(gate.port);
    const distant = await openInstance({ type: 'postgres', url: url.href });
    await warm(distant);
    gate.hold();
    expect((await find(distant))?.apiKey.revokedAt).toBeNull();
    await revoke(command);
    await expect(find(distant)).rejects.toMatchObject({ code: 'storage.unavailable' });
    // Others do not wait for it again.
    expect(await leases()).toHaveLength(2);
    gate.release();
    await until(async () => (await find(distant).catch(() => undefined))?.apiKey.revokedAt !== undefined);
    expect((await find(distant))?.apiKey.revokedAt).toEqual(NOW);
    await distant.close();
    await gate.shut();
  });

  it('are given up at the end, so that nobody waits for them', async () => {
    const leaving = await openInstance(location);
    await warm(leaving);
    expect(await leases()).toHaveLength(3);
    await leaving.apiKeys.release();
    expect(await leases()).toHaveLength(2);
    expect((await find(leaving))?.apiKey.id).toBe(stored.apiKey.id);
    expect(leaving.apiKeys.credentialLease).toMatchObject({ isHeld: false, size: 0 });
    await leaving.close();
  });

  it('are waited for in full when the table has lost them, as after a crash or a promotion', async () => {
    await sql('TRUNCATE credential_leases');
    const waits: number[] = [];
    const { dataSource } = command;
    const writer = testDatabase(location, dataSource, { onLeaseWait: (milliseconds) => waits.push(milliseconds) });
    await revoke(writer);
    expect(waits[0]).toBeGreaterThanOrEqual(LEASE_TERMS.lease);
    expect((await find(instances[0]))?.apiKey.revokedAt).toEqual(NOW);
    expect(await sql(`SELECT confirmed FROM credential_leases WHERE id = '${COMPLETE_ID}'`)).toEqual([
      { confirmed: CONFIRMED_FOR_EVER },
    ]);
  });

  it('are waited for in full by SQL by hand, too, and not again', async () => {
    await Promise.all(instances.map((each) => until(() => each.apiKeys.credentialLease?.isHeld === true)));
    await sql('TRUNCATE credential_leases');
    await sql(`UPDATE api_keys SET revoked_at = '2026-05-06 07:08:09.010' WHERE id = '${stored.apiKey.id}'`);
    expect(await Promise.all(instances.map(async (each) => (await find(each))?.apiKey.revokedAt))).toEqual([NOW, NOW]);
    expect(await sql(`SELECT confirmed FROM credential_leases WHERE id = '${COMPLETE_ID}'`)).toEqual([
      { confirmed: CONFIRMED_FOR_EVER },
    ]);
  });

  it('are not taken where the triggers do not announce every change', async () => {
    await sql(`ALTER TABLE api_keys DISABLE TRIGGER ${GUARD_TRIGGER}_update`);
    const late = await openInstance(location);
    await until(async () => (await find(late)) !== undefined && late.changes.length === 1);
    expect(late.changes).toEqual([[false, expect.any(DatabaseNotReadyError)]]);
    const fault = `A trigger is disabled: ALTER TABLE "api_keys" ENABLE ALWAYS TRIGGER ${GUARD_TRIGGER}_update`;
    expect(String(late.changes[0]?.[1])).toContain(fault);
    expect(await readHeldLeases(command.dataSource)).toMatchObject({ faults: [fault] });
    await late.close();
    await sql(`ALTER TABLE api_keys ENABLE ALWAYS TRIGGER ${GUARD_TRIGGER}_update`);
  });
});

it('every column that a verification reads is guarded by a trigger, unless no verdict depends on it', async () => {
  const database = await openTestDatabase('postgres');
  const triggers = await database.dataSource.query<{ text: string }[]>(
    `SELECT pg_get_triggerdef(oid) AS text FROM pg_trigger WHERE tgname = '${GUARD_TRIGGER}_update'`,
  );
  const statement = credentialStatement(database.dataSource, '= ANY($1)');
  const tables = { s: 'api_key_secrets', k: 'api_keys', o: 'organizations', m: 'members' } as const;
  const read = [...statement.slice(0, statement.indexOf(' FROM ')).matchAll(/\b([skom])\.(\w+)/g)].map(
    ([, alias, column]) => [tables[alias as keyof typeof tables], column] as const,
  );
  const unguarded = read.filter(
    ([table, column]) =>
      !triggers.some(({ text }) => text.includes(` ON public.${table} `) && text.includes(`new.${column}`)),
  );
  expect(unguarded.map((each) => each.join('.')).sort()).toEqual([
    'api_key_secrets.id',
    'api_key_secrets.last_used_at',
    'api_key_secrets.proof',
    'api_keys.expiry_notice_attempts',
    'api_keys.expiry_notice_days',
    'api_keys.expiry_notice_end',
    'api_keys.expiry_notice_retry_at',
    'api_keys.id',
    'api_keys.last_used_at',
    'members.id',
    'organizations.id',
  ]);
  await database.close();
});
