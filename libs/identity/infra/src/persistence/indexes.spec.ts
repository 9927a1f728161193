import {
  anApiKey,
  anAuditEvent,
  anId,
  aNewApiKey,
  aNewOrganization,
  aRevocationOf,
} from '@feather-identity/core/testing';
import type { NewOrganization } from '@feather-identity/core';
import { describe, expect, it } from '@jest/globals';
import { AbstractLogger, type LogLevel, type LogMessage, type DataSource } from 'typeorm';
import { DATABASES, emptyLocation, type TestDatabaseType } from '../../testing/test-location.js';
import { openDatabase } from './open-database.js';
import { Storage } from './storage.js';
import { TypeOrmAuditLog } from './typeorm-audit-log.js';
import { TypeOrmApiKeyRepository } from './typeorm-api-key-repository.js';
import { TypeOrmOrganizationRepository } from './typeorm-organization-repository.js';

/** A table that is read whole, or sorted rows; the rest of the statement may read rows of its own parts. */
const WITHOUT_INDEX =
  /Seq Scan|Sort|TEMP B-TREE|SCAN (?!.*USING (?:COVERING )?INDEX|CONSTANT ROW|(?:outside|unblocked|start|found|taken|\(subquery-\d+\)|\d+-ROW VALUES CLAUSE)$)/;

/** Collects the statements that the repositories send. */
class StatementLog extends AbstractLogger {
  statements: { text: string; parameters: unknown[] }[] = [];

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

interface Repositories {
  readonly apiKeys: TypeOrmApiKeyRepository;
  readonly organizations: TypeOrmOrganizationRepository;
  readonly auditLog: TypeOrmAuditLog;
}

const STATEMENTS: Readonly<Record<string, (repositories: Repositories, stored: NewOrganization) => unknown>> = {
  findCredential: ({ apiKeys }) => apiKeys.findCredential('fth_live_aB3xY9zQ'),
  'list of keys': ({ apiKeys }) => apiKeys.list(anId()),
  'page of keys': ({ apiKeys }) => apiKeys.list(anId(), { limit: 9, after: anApiKey() }),
  'page with revoked keys': ({ apiKeys }) =>
    apiKeys.list(anId(), { limit: 9, after: anApiKey(), includeRevoked: true }),
  find: ({ apiKeys }) => apiKeys.find(anId(), anId()),
  insert: ({ apiKeys }, { owner, apiKey }) => apiKeys.insert(aNewApiKey(owner), { issuedBy: apiKey, maxKeys: 9 }),
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
  findBootstrapOwner: ({ organizations }) => organizations.findBootstrapOwner(),
  'list of organizations': ({ organizations }) => organizations.list(),
  changePolicy: ({ organizations }, { organization }) => organizations.changePolicy(organization.id, () => null),
  'list of events': ({ auditLog }) => auditLog.list(anId(), { limit: 9, after: anId() }),
  'list of events of a key': ({ auditLog }) => auditLog.list(anId(), { limit: 9, after: anId(), apiKeyId: anId() }),
  'list of events of a type': ({ auditLog }) => auditLog.list(anId(), { limit: 9, type: 'api_key.rotated' }),
};

async function planOf(type: TestDatabaseType, dataSource: DataSource, text: string, parameters: unknown[]) {
  if (type === 'sqlite') {
    const steps = await dataSource.query<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${text}`, parameters);
    return steps.map((step) => step.detail);
  }
  return dataSource.transaction(async (manager) => {
    // With tables this small the planner would read them whole if it could.
    await manager.query('SET LOCAL enable_seqscan = off');
    const lines = await manager.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${text}`, parameters);
    return lines.map((line) => line['QUERY PLAN']);
  });
}

describe.each(DATABASES)('every statement on %s', (type) => {
  it.each(Object.entries(STATEMENTS))('goes through an index and sorts nothing: %s', async (_, run) => {
    const log = new StatementLog();
    const dataSource = await openDatabase({ location: await emptyLocation(type), poolSize: 2, logger: log });
    const storage = new Storage(dataSource);
    const repositories = {
      apiKeys: new TypeOrmApiKeyRepository(storage),
      organizations: new TypeOrmOrganizationRepository(storage),
      auditLog: new TypeOrmAuditLog(storage),
    };
    const stored = aNewOrganization();
    await repositories.organizations.insertBootstrap(stored);
    log.statements = [];
    await run(repositories, stored);
    const sent = log.statements.filter(({ text }) => /^(?:SELECT|UPDATE|WITH|INSERT INTO "api_keys")/.test(text));
    expect(sent.length).toBeGreaterThan(0);
    for (const { text, parameters } of sent) {
      for (const step of await planOf(type, dataSource, text, parameters)) {
        expect(step).not.toMatch(WITHOUT_INDEX);
      }
    }
    await dataSource.destroy();
  });
});
