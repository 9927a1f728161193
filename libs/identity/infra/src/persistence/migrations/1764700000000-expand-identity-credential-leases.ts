import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import {
  AWAITS,
  CHANNEL,
  COMPLETE_ID,
  CONFIRMED_FOR_EVER,
  GUARD_LOCK,
  GUARD_TRIGGER,
  HOLDER_LOCK,
} from '../tables/credential-leases.js';
import type { TableNames } from '../tables/tables.js';
import { type MigratedTables, migratedTables } from './migrated-tables.js';

/**
 * What a verdict depends on, by table: a change of these columns counts in every instance before it is acknowledged. A
 * migration that adds a column to credentials makes the triggers anew; `credential-leases.spec.ts` compares.
 */
const GUARDED = {
  apiKeySecrets: { id: 'api_key_id', columns: ['api_key_id', 'key_prefix', 'hash', 'created_at', 'valid_until'] },
  apiKeys: {
    id: 'id',
    columns: [
      ...['organization_id', 'member_id', 'name', 'description', 'labels', 'metadata', 'key_prefix', 'scopes'],
      ...['unrestricted', 'rate_limit_requests', 'rate_limit_seconds', 'quota_requests', 'quota_period'],
      ...['allowed_networks', 'created_at', 'created_by_type', 'created_by_id', 'expires_at', 'disabled_at'],
      'revoked_at',
    ],
  },
  organizations: {
    id: 'id',
    columns: [
      ...['name', 'created_at', 'disabled_at', 'max_key_lifetime_days', 'key_expiry_required', 'key_scopes_required'],
      ...['revoke_unused_after_days', 'revoke_descendants', 'key_rate_limit_requests', 'key_rate_limit_seconds'],
      ...['key_quota_requests', 'key_quota_period'],
    ],
  },
  members: {
    id: 'id',
    columns: ['organization_id', 'external_id', 'email', 'display_name', 'role', 'created_at', 'disabled_at'],
  },
} as const satisfies Partial<Record<keyof TableNames, { id: string; columns: readonly string[] }>>;

/** The tables that have the triggers. */
export const GUARDED_TABLES = Object.keys(GUARDED) as readonly (keyof typeof GUARDED)[];

/**
 * Which instances may answer from memory, and on PostgreSQL triggers that announce every change of a credential, whoever
 * makes it: also the release before, which knows nothing of leases, and SQL by hand (ADR 44).
 */
export class ExpandIdentityCredentialLeases1764700000000 implements MigrationInterface {
  readonly name: string = 'ExpandIdentityCredentialLeases1764700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner);
    const { names } = tables;
    if (tables.dialect !== 'postgres') {
      await queryRunner.createTable(emptyTable(tables));
      return;
    }
    await queryRunner.query(
      `CREATE UNLOGGED TABLE ${names.credentialLeases} (id uuid PRIMARY KEY, renewals bigint NOT NULL, confirmed bigint NOT NULL)`,
    );
    // No instance knew of leases until now: none is missing.
    await queryRunner.query(
      `INSERT INTO ${names.credentialLeases} VALUES ('${COMPLETE_ID}', 0, ${CONFIRMED_FOR_EVER})`,
    );
    await queryRunner.query(guardFunction(tables));
    for (const table of GUARDED_TABLES) {
      for (const text of guardTriggers(tables, table)) await queryRunner.query(text);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner);
    if (tables.dialect === 'postgres') await queryRunner.query(`DROP FUNCTION ${guardName(tables)}() CASCADE`);
    await queryRunner.dropTable(tables.paths.credentialLeases);
  }
}

function emptyTable({ types, paths }: MigratedTables): Table {
  return new Table({
    name: paths.credentialLeases,
    columns: [
      { name: 'id', type: types.id, isPrimary: true },
      { name: 'renewals', type: 'bigint' },
      { name: 'confirmed', type: 'bigint' },
    ],
  });
}

function guardName({ names }: MigratedTables): string {
  return names.credentialLeases.replace(/"$/, '_guard"');
}

/**
 * Announces the id whose credentials have changed. Then, in a transaction that will not wait after its commit, it waits
 * before: it keeps leases from being renewed until the transaction ends (the lock), and returns when the last one is given
 * up or has run out. Leases that are there afterwards are dead, and removed for those who wait next. 310 times 10 milliseconds are more than a lease, whatever happens to the clock of the server.
 *
 * SECURITY DEFINER, since a role that may change keys need not have privileges on the table of leases. The table is found
 * by name in the schema of the changed table, which may have been renamed.
 */
function guardFunction(tables: MigratedTables): string {
  const table = tables.paths.credentialLeases.split('.').at(-1) ?? '';
  return (
    `CREATE FUNCTION ${guardName(tables)}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER ` +
    `SET search_path = pg_catalog, pg_temp AS $guard$
DECLARE
  leases regclass := to_regclass(format('%I.%I', TG_TABLE_SCHEMA, '${table}'));
  is_free boolean;
BEGIN
  IF leases IS NULL THEN RETURN NULL; END IF;
  PERFORM pg_notify('${CHANNEL}' || leases::oid, to_jsonb(OLD) ->> TG_ARGV[0]);
  IF current_setting('${AWAITS}', true) = 'on' THEN RETURN NULL; END IF;
  PERFORM pg_advisory_xact_lock_shared((${GUARD_LOCK}::bigint << 32) | leases::oid::bigint);
  IF current_setting('feather_identity.cleared', true) = txid_current()::text THEN RETURN NULL; END IF;
  FOR tries IN 1 .. 310 LOOP
    EXECUTE format(
      'SELECT EXISTS (SELECT FROM %1$s) AND NOT EXISTS (SELECT FROM %1$s WHERE confirmed < ${CONFIRMED_FOR_EVER})',
      leases
    ) INTO is_free;
    EXIT WHEN is_free AND NOT EXISTS (
      SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = ${HOLDER_LOCK} AND objid = leases::oid
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    );
    is_free := false;
    PERFORM pg_sleep(0.01);
  END LOOP;
  IF NOT is_free AND current_setting('transaction_isolation') = 'read committed' THEN
    EXECUTE format('DELETE FROM %1$s WHERE id IN (SELECT id FROM %1$s FOR UPDATE SKIP LOCKED)', leases);
    EXECUTE format('INSERT INTO %s VALUES (''${COMPLETE_ID}'', 0, ${CONFIRMED_FOR_EVER}) ON CONFLICT DO NOTHING', leases);
  END IF;
  PERFORM set_config('feather_identity.cleared', txid_current()::text, true);
  RETURN NULL;
END
$guard$`
  );
}

/** ALWAYS: also where rows come by replication, or a restore has turned other triggers off. */
function guardTriggers(tables: MigratedTables, table: keyof typeof GUARDED): string[] {
  const name = tables.names[table];
  const { id, columns } = GUARDED[table];
  const row = (version: string) => `(${columns.map((column) => `${version}.${column}`).join(', ')})`;
  const trigger = (suffix: string, event: string) => [
    `CREATE TRIGGER ${GUARD_TRIGGER}_${suffix} AFTER ${event} EXECUTE FUNCTION ${guardName(tables)}('${id}')`,
    `ALTER TABLE ${name} ENABLE ALWAYS TRIGGER ${GUARD_TRIGGER}_${suffix}`,
  ];
  return [
    ...trigger('update', `UPDATE ON ${name} FOR EACH ROW WHEN (${row('OLD')} IS DISTINCT FROM ${row('NEW')})`),
    ...trigger('delete', `DELETE ON ${name} FOR EACH ROW`),
  ];
}
