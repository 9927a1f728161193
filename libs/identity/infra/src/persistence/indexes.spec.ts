import { anId, aNewOrganization } from '@feather-identity/core/testing';
import { describe, expect, it } from '@jest/globals';
import { AbstractLogger, type LogLevel, type LogMessage, type DataSource } from 'typeorm';
import { DATABASES, emptyLocation, type TestDatabaseType } from '../../testing/test-location.js';
import { openDatabase } from './open-database.js';
import { Storage } from './storage.js';
import { TypeOrmApiKeyRepository } from './typeorm-api-key-repository.js';
import { TypeOrmOrganizationRepository } from './typeorm-organization-repository.js';

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
}

const STATEMENTS: Readonly<Record<string, (repositories: Repositories) => unknown>> = {
  findCredential: ({ apiKeys }) => apiKeys.findCredential('fth_live_aB3xY9zQ'),
  listUnrevoked: ({ apiKeys }) => apiKeys.listUnrevoked(anId()),
  revoke: ({ apiKeys }) => apiKeys.revoke(anId(), anId(), new Date()),
  replaceProofs: ({ apiKeys }) => apiKeys.replaceProofs([{ secretId: anId(), expected: 'old', proof: 'new' }]),
  recordLastUsed: ({ apiKeys }) => apiKeys.recordLastUsed(new Map([[anId(), new Date()]])),
  findOwner: ({ organizations }) => organizations.findOwner(anId()),
  findBootstrapOwner: ({ organizations }) => organizations.findBootstrapOwner(),
  list: ({ organizations }) => organizations.list(),
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
    };
    await repositories.organizations.insertBootstrap(aNewOrganization());
    log.statements = [];
    await run(repositories);
    const sent = log.statements.filter(({ text }) => /^(?:SELECT|UPDATE)/.test(text));
    expect(sent.length).toBeGreaterThan(0);
    for (const { text, parameters } of sent) {
      for (const step of await planOf(type, dataSource, text, parameters)) {
        expect(step).not.toMatch(/Seq Scan|Sort|TEMP B-TREE|SCAN (?!.*USING (?:COVERING )?INDEX|CONSTANT ROW)/);
      }
    }
    await dataSource.destroy();
  });
});
