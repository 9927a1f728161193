import {
  aMember,
  anApiKey,
  anAuditEvent,
  anId,
  aNewApiKey,
  aNewImportedApiKey,
  aNewOrganization,
  aRevocationOf,
} from '@feather-identity/core/testing';
import type { AuditEventQuery, NewOrganization } from '@feather-identity/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AbstractLogger, type Logger, type LogLevel, type LogMessage } from 'typeorm';
import { openHostDatabase } from '../../testing/open-host-database.js';
import { openTestDatabase, type TestDatabase } from '../../testing/open-test-database.js';

/** A table that is read whole, or sorted rows; the rest of the statement may read rows of its own parts. */
const WITHOUT_INDEX =
  /Seq Scan|Sort|TEMP B-TREE|SCAN (?!.*USING (?:COVERING )?INDEX|CONSTANT ROW|\d+ CONSTANT ROWS|(?:counted|issuer|json_each VIRTUAL TABLE INDEX 1:|\(subquery-\d+\)|\d+-ROW VALUES CLAUSE)$)/;

/** An index that is read whole, as PostgreSQL says it. */
const WHOLE_INDEX = /Index (?:Only )?Scan(?![^]*Index Cond)/;

interface LoggedStatement {
  readonly text: string;
  readonly parameters: unknown[];
}

/** Collects the statements that the repositories send. */
class StatementLog extends AbstractLogger {
  statements: LoggedStatement[] = [];

  constructor() {
    super('all');
  }

  protected override writeLog(_level: LogLevel, message: LogMessage | LogMessage[]): void {
    for (const each of Array.isArray(message) ? message : [message]) {
      if (typeof each === 'object' && each.type === 'query') {
        this.statements.push({
          text: String(each.message),
          parameters: Array.isArray(each.parameters) ? each.parameters : [],
        });
      }
    }
  }
}

const STATEMENTS: Readonly<Record<string, (database: TestDatabase, stored: NewOrganization) => unknown>> = {
  findCredential: ({ apiKeys }) => apiKeys.findCredential('fth_live_aB3xY9zQ'),
  'list of keys': ({ apiKeys }) => apiKeys.list(anId()),
  'page of keys': ({ apiKeys }) => apiKeys.list(anId(), { limit: 9, after: anApiKey() }),
  'page with revoked keys': ({ apiKeys }) =>
    apiKeys.list(anId(), { limit: 9, after: anApiKey(), includeRevoked: true }),
  'part of a page': ({ apiKeys }) =>
    apiKeys.list(anId(), { limit: 9, after: anApiKey(), until: anApiKey(), includeRevoked: true }),
  'end of a page': ({ apiKeys }) => apiKeys.findPageEnd(anId(), { limit: 9, after: anApiKey() }),
  'end of a page with revoked keys': ({ apiKeys }) =>
    apiKeys.findPageEnd(anId(), { limit: 9, after: anApiKey(), includeRevoked: true }),
  find: ({ apiKeys }) => apiKeys.find(anId(), anId()),
  findByKeyPrefix: ({ apiKeys }) => apiKeys.findByKeyPrefix(null, 'fth_live_aB3xY9zQ'),
  'findByKeyPrefix in one organization': ({ apiKeys }) => apiKeys.findByKeyPrefix(anId(), 'fth_live_aB3xY9zQ'),
  insert: ({ apiKeys }, { owner, apiKey }) => apiKeys.insert(aNewApiKey(owner), { issuedBy: apiKey, maxKeys: 9 }),
  insertImported: ({ apiKeys }, { owner }) =>
    apiKeys.insertImported(Array.from({ length: 500 }, () => aNewImportedApiKey(owner))),
  findImported: ({ apiKeys }) => apiKeys.findImported(['sha256:a', 'prefix:sk_live_']),
  change: ({ apiKeys }, { apiKey }) =>
    apiKeys.change(
      apiKey.organizationId,
      apiKey.id,
      () => ({ apiKey, event: anAuditEvent({ organizationId: apiKey.organizationId }) }),
      apiKey,
    ),
  revoke: ({ apiKeys }) => apiKeys.revoke(anId(), anId(), aRevocationOf(anApiKey())),
  'revoke and count': ({ apiKeys }, { apiKey, organization }) =>
    apiKeys.revoke(organization.id, anId(), aRevocationOf(apiKey), {
      eventOf: () => aRevocationOf(apiKey),
    }),
  'page of keys that a key made': ({ apiKeys }) =>
    apiKeys.list(anId(), { limit: 9, after: anApiKey(), createdBy: anId(), includeRevoked: true }),
  'end of a page of keys that a key made': ({ apiKeys }) =>
    apiKeys.findPageEnd(anId(), { limit: 9, createdBy: anId() }),
  settleExpiryNotice: ({ apiKeys }) => apiKeys.settleExpiryNotice(anId()),
  findUnused: ({ apiKeys }) => apiKeys.findUnused(anId(), new Date(), 9),
  revokeUnused: ({ apiKeys }) => apiKeys.revokeUnused(anId(), anId(), new Date(), aRevocationOf(anApiKey())),
  replaceProofs: ({ apiKeys }) => apiKeys.replaceProofs([{ secretId: anId(), expected: 'old', proof: 'new' }]),
  recordLastUsed: ({ apiKeys }) => apiKeys.recordLastUsed(new Map([[anId(), new Date()]])),
  recordSecretsLastUsed: ({ apiKeys }) => apiKeys.recordSecretsLastUsed(new Map([[anId(), new Date()]])),
  findOwner: ({ organizations }) => organizations.findOwner(anId()),
  findOwners: ({ organizations }) => organizations.findOwners([anId(), anId()]),
  findBootstrapOwner: ({ organizations }) => organizations.findBootstrapOwner(),
  'list of organizations': ({ organizations }) => organizations.list(),
  'change of an organization': ({ organizations }, { organization }) =>
    organizations.change(organization.id, () => null),
  countContents: ({ organizations }, { organization }) => organizations.countContents(organization.id),
  'deletion of an organization': async (database) => {
    const { organization } = aNewOrganization();
    const owner = aMember({ organizationId: organization.id });
    const event = anAuditEvent({ organizationId: organization.id });
    await database.organizations.insert({ organization, owner, event });
    await database.organizations.delete(organization.id, () => ({ ...event, id: anId() }));
  },
  'list of members': ({ members }) => members.list(anId(), { limit: 9, after: anId() }),
  'find of a member': ({ members }) => members.find(anId(), anId()),
  'removal of a member': async ({ members }, { organization: { id: organizationId } }) => {
    const member = aMember({ organizationId });
    await members.insert({ member, event: anAuditEvent({ organizationId }) });
    await members.remove(
      organizationId,
      member.id,
      () => anAuditEvent({ organizationId }),
      () => ({ eventOf: () => anAuditEvent({ organizationId }) }),
    );
  },
  'find of an operator key': ({ operatorKeys }) => operatorKeys.find('fth_operator_aB3xY9zQ'),
  'list of the events of the installation': ({ operatorKeys }) => operatorKeys.listEvents({ limit: 9, after: anId() }),
  'list of the events of all organizations': ({ auditLog }) => auditLog.listAll({ limit: 9, after: anId() }),
  'list of events': ({ auditLog }) => auditLog.list(anId(), { limit: 9, after: anId() }),
  'list of events of a key': ({ auditLog }) => auditLog.list(anId(), { limit: 9, after: anId(), apiKeyId: anId() }),
  'list of events of a type': ({ auditLog }) => auditLog.list(anId(), { limit: 9, type: 'api_key.rotated' }),
  'list of events of a span of time': ({ auditLog }) =>
    auditLog.list(anId(), { limit: 9, since: new Date(0), until: new Date() }),
  'list of what somebody did': ({ auditLog }) => auditLog.list(anId(), { limit: 9, actor: anId(), after: anId() }),
  'list of what somebody did to a key in a span of time': ({ auditLog }) =>
    auditLog.list(anId(), { limit: 9, actor: anId(), apiKeyId: anId(), type: 'api_key.updated', since: new Date(0) }),
};

/** Filters of the audit log. */
const AUDIT_FILTERS: Readonly<Record<string, (stored: NewOrganization) => Partial<AuditEventQuery>>> = {
  none: () => ({}),
  'a type that is rare': () => ({ type: 'policy.updated' }),
  'a type that most have': () => ({ type: 'api_key.updated' }),
  'a key that is rare': () => ({ apiKeyId: anId() }),
  'a key that most are of': ({ apiKey }) => ({ apiKeyId: apiKey.id }),
  'a key and a type that is rare': ({ apiKey }) => ({ apiKeyId: apiKey.id, type: 'policy.updated' }),
  'a key and a type that most have': ({ apiKey }) => ({ apiKeyId: apiKey.id, type: 'api_key.updated' }),
};
const AUDIT_EVENTS = 3000;
const INDEX_OF: Readonly<Record<string, RegExp>> = {
  '': /PRIMARY KEY|PK_/,
  apiKeyId: /ix_\w*audit_events_api_key\b/,
  type: /ix_\w*audit_events_type\b/,
  'apiKeyId,type': /ix_\w*audit_events_api_key_type\b/,
};

/** Many updates of one key, and statistics of them: a planner may prefer another index for a table that is empty. */
async function addAuditEvents({ location, dataSource, storage }: TestDatabase, { apiKey }: NewOrganization) {
  const table = storage.statements.tables.auditEvents;
  const columns = `INSERT INTO ${table} (organization_id, id, type, occurred_at, actor_type, api_key_id, changes)`;
  const id = "'00000000-0000-7000-8000-' ||";
  const rest = (key: string) => `'api_key.updated', '2026-01-01 00:00:00.000', 'operator', ${key}, '{}'`;
  if (location.type === 'sqlite') {
    const numbers = `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${AUDIT_EVENTS})`;
    const select = `SELECT ?, ${id} printf('%012x', n), ${rest('?')} FROM numbers`;
    await dataSource.query(`${numbers} ${columns} ${select}`, [apiKey.organizationId, apiKey.id]);
    return;
  }
  const select = `SELECT $1, (${id} lpad(to_hex(n), 12, '0'))::uuid, ${rest('$2').replace("000'", "000'::timestamptz")}`;
  const numbers = `FROM generate_series(1, ${AUDIT_EVENTS}) AS n`;
  await dataSource.query(`${columns} ${select} ${numbers}`, [apiKey.organizationId, apiKey.id]);
  await dataSource.query(`ANALYZE ${table}`);
}

async function planOf(
  { location, dataSource }: TestDatabase,
  isOurs: boolean,
  { text, parameters }: LoggedStatement,
): Promise<string[]> {
  if (location.type === 'sqlite') {
    const steps = await dataSource.query<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${text}`, parameters);
    return steps.map((step) => step.detail);
  }
  return dataSource.transaction(async (manager) => {
    // With tables this small the planner would read them whole if it could; our own connections forbid it.
    if (!isOurs) await manager.query('SET LOCAL enable_seqscan = off');
    const lines = await manager.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${text}`, parameters);
    return lines
      .map((line) => line['QUERY PLAN'])
      .join('\n')
      .split('->');
  });
}

const INSTALLATIONS: Readonly<Record<string, (logger: Logger) => Promise<TestDatabase>>> = {
  sqlite: (logger) => openTestDatabase('sqlite', undefined, logger),
  postgres: (logger) => openTestDatabase('postgres', undefined, logger),
  "an application's sqlite": (logger) => openHostDatabase({ type: 'sqlite', naming: { tablePrefix: 'auth_' }, logger }),
  "an application's postgres": (logger) =>
    openHostDatabase({ type: 'postgres', naming: { tablePrefix: 'auth_', schema: 'auth' }, logger }),
};

describe.each(Object.entries(INSTALLATIONS))('every statement on %s', (name, open) => {
  const log = new StatementLog();
  const stored = aNewOrganization();
  let database: TestDatabase;

  beforeAll(async () => {
    database = await open(log);
    await database.organizations.insertBootstrap(stored);
  });
  afterAll(() => database.close());

  it.each(Object.entries(STATEMENTS))('goes through an index and sorts nothing: %s', async (_, run) => {
    log.statements = [];
    await run(database, stored);
    const insert = `INSERT INTO ${database.storage.statements.tables.apiKeys} `;
    const sent = log.statements.filter(
      ({ text }) =>
        (/^(?:SELECT|UPDATE|WITH)/.test(text) || text.startsWith(insert)) &&
        // It has one row for each instance.
        !text.includes('credential_leases'),
    );
    expect(sent.length).toBeGreaterThan(0);
    for (const statement of sent) {
      for (const step of await planOf(database, name === 'postgres', statement)) {
        // Rows are locked in the order of their ids.
        if (statement.text.endsWith(' ORDER BY id FOR UPDATE') && step.startsWith('  Sort ')) continue;
        expect(step).not.toMatch(WITHOUT_INDEX);
        if (statement.text.includes('WHERE')) expect(step).not.toMatch(WHOLE_INDEX);
      }
    }
  });

  describe('with many events', () => {
    beforeAll(() => addAuditEvents(database, stored));

    it.each<[string, Partial<AuditEventQuery>]>([
      ['that are rare', {}],
      ['of a type that most have', { type: 'api_key.updated' }],
      ['about a key that most are about', { apiKeyId: stored.apiKey.id }],
      ['in a span of time', { since: new Date(0), until: new Date() }],
    ])('what somebody did is read by an index of who did it: events %s', async (_, filters) => {
      log.statements = [];
      await database.auditLog.list(stored.organization.id, { limit: 9, actor: anId(), ...filters });
      expect(log.statements).toHaveLength(2);
      const plans = await Promise.all(log.statements.map((each) => planOf(database, name === 'postgres', each)));
      expect(plans[0]?.join()).toMatch(/ix_\w*audit_events_actor_key\b/);
      expect(plans[1]?.join()).toMatch(/ix_\w*audit_events_actor_member\b/);
      for (const step of plans.flat()) expect(step).not.toMatch(WITHOUT_INDEX);
    });

    it.each(Object.entries(AUDIT_FILTERS))(
      'a span of time is a part of the index for all other filters: %s',
      async (_, of) => {
        const filters = of(stored);
        const isOurs = name === 'postgres';
        const planBetween = async (since: Date, until: Date) => {
          log.statements = [];
          await database.auditLog.list(stored.organization.id, { limit: 9, since, until, ...filters });
          const [statement] = log.statements;
          const plan = await planOf(database, isOurs, statement!);
          expect(plan.join()).toMatch(INDEX_OF[Object.keys(filters).sort().join()]!);
          return { plan, statement };
        };
        const { plan } = await planBetween(new Date(0), new Date('2100-01-01'));
        for (const step of plan) expect(step).not.toMatch(WITHOUT_INDEX);
        // PostgreSQL may sort the few that it expects here.
        const { statement } = await planBetween(new Date('2026-05-01'), new Date('2026-06-01'));
        expect(statement?.parameters).toEqual(
          expect.arrayContaining(['019de09e-d980-0000-0000-000000000000', '019e80b1-da80-0000-0000-000000000000']),
        );
      },
    );

    it('the key of a removed secret is found by an index of the rotations', async () => {
      log.statements = [];
      await database.apiKeys.findByKeyPrefix(null, 'fth_live_aB3xY9zQ');
      const [statement] = log.statements;
      expect((await planOf(database, name === 'postgres', statement!)).join()).toMatch(
        /ix_\w*audit_events_rotated_to\b/,
      );
    });

    it.each(Object.entries(AUDIT_FILTERS))(
      'the audit log is read by an index for all of its filters: %s',
      async (_, of) => {
        const filters = of(stored);
        log.statements = [];
        await database.auditLog.list(stored.organization.id, {
          limit: 9,
          after: 'ffffffff-ffff-7fff-bfff-ffffffffffff',
          ...filters,
        });
        expect(log.statements).toHaveLength(1);
        const plan = await planOf(database, name === 'postgres', log.statements[0]!);
        // The few secrets of one key are looked through for the current one, where an event lacks its public part.
        const ofEvents = plan.filter((step) => !/api_key_secrets/.test(step));
        for (const step of ofEvents) expect(step).not.toMatch(/Filter|Seq Scan|Sort|TEMP B-TREE|SCAN/);
        for (const step of plan) expect(step).not.toMatch(WITHOUT_INDEX);
        expect(plan.join()).toMatch(INDEX_OF[Object.keys(filters).sort().join()]!);
        // PostgreSQL would call it a filter; SQLite does not say what it compares beyond the index.
        if (filters.apiKeyId !== undefined || filters.type !== undefined) expect(plan.join()).toMatch(/>/);
      },
    );
  });
});
