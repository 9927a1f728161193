import {
  anApiKey,
  anAuditEvent,
  anId,
  aNewApiKey,
  aNewImportedApiKey,
  aNewOrganization,
  aRevocationOf,
} from '@feather-identity/core/testing';
import type { NewOrganization } from '@feather-identity/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AbstractLogger, type Logger, type LogLevel, type LogMessage } from 'typeorm';
import { openHostDatabase } from '../../testing/open-host-database.js';
import { openTestDatabase, type TestDatabase } from '../../testing/open-test-database.js';

/** A table that is read whole, or sorted rows; the rest of the statement may read rows of its own parts. */
const WITHOUT_INDEX =
  /Seq Scan|Sort|TEMP B-TREE|SCAN (?!.*USING (?:COVERING )?INDEX|CONSTANT ROW|\d+ CONSTANT ROWS|(?:outside|unblocked|start|found|taken|tried|issuer|json_each VIRTUAL TABLE INDEX 1:|\(subquery-\d+\)|\d+-ROW VALUES CLAUSE)$)/;

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
  findUnused: ({ apiKeys }) => apiKeys.findUnused(anId(), new Date(), 9),
  revokeUnused: ({ apiKeys }) => apiKeys.revokeUnused(anId(), anId(), new Date(), aRevocationOf(anApiKey())),
  replaceProofs: ({ apiKeys }) => apiKeys.replaceProofs([{ secretId: anId(), expected: 'old', proof: 'new' }]),
  recordLastUsed: ({ apiKeys }) => apiKeys.recordLastUsed(new Map([[anId(), new Date()]])),
  recordSecretsLastUsed: ({ apiKeys }) => apiKeys.recordSecretsLastUsed(new Map([[anId(), new Date()]])),
  findOwner: ({ organizations }) => organizations.findOwner(anId()),
  findOwners: ({ organizations }) => organizations.findOwners([anId(), anId()]),
  findBootstrapOwner: ({ organizations }) => organizations.findBootstrapOwner(),
  'list of organizations': ({ organizations }) => organizations.list(),
  changePolicy: ({ organizations }, { organization }) => organizations.changePolicy(organization.id, () => null),
  'list of events': ({ auditLog }) => auditLog.list(anId(), { limit: 9, after: anId() }),
  'list of events of a key': ({ auditLog }) => auditLog.list(anId(), { limit: 9, after: anId(), apiKeyId: anId() }),
  'list of events of a type': ({ auditLog }) => auditLog.list(anId(), { limit: 9, type: 'api_key.rotated' }),
};

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
    const sent = log.statements.filter(({ text }) => /^(?:SELECT|UPDATE|WITH)/.test(text) || text.startsWith(insert));
    expect(sent.length).toBeGreaterThan(0);
    for (const statement of sent) {
      for (const step of await planOf(database, name === 'postgres', statement)) {
        expect(step).not.toMatch(WITHOUT_INDEX);
        if (statement.text.includes('WHERE')) expect(step).not.toMatch(WHOLE_INDEX);
      }
    }
  });
});
