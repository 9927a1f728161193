import type {
  ApiKeyRepository,
  AuditLog,
  ConsoleSessions,
  JobLeases,
  MemberRepository,
  OperatorKeyRepository,
  OrganizationRepository,
  QuotaUses,
  UseObservations,
} from '@feather-identity/core';
import type { DataSource } from 'typeorm';
import { TypeOrmApiKeyRepository } from './api-keys/typeorm-api-key-repository.js';
import { JoinedStorage } from './sql/joined-storage.js';
import { Storage } from './sql/storage.js';
import { TypeOrmJobLeases } from './tables/job-leases.js';
import { TypeOrmUseObservations } from './tables/use-observations.js';
import { TypeOrmAuditLog } from './typeorm-audit-log.js';
import { DatabaseClock } from '../runtime/database-clock.js';
import { TypeOrmConsoleSessions } from './typeorm-console-sessions.js';
import { TypeOrmMemberRepository } from './typeorm-member-repository.js';
import { TypeOrmOperatorKeyRepository } from './typeorm-operator-key-repository.js';
import { TypeOrmQuotaUses } from './typeorm-quota-uses.js';
import { TypeOrmOrganizationRepository } from './typeorm-organization-repository.js';

/** Adapters for everything that is stored in a database. */
export interface Repositories {
  readonly apiKeys: ApiKeyRepository & {
    /** How often the database was asked for credentials. */
    readonly credentialQueries: number;
  };
  readonly organizations: OrganizationRepository;
  readonly members: MemberRepository;
  readonly operatorKeys: OperatorKeyRepository;
  readonly auditLog: AuditLog;
  /** The same inside an open transaction of the application's, which is an `EntityManager`. */
  readonly joinTransaction: (
    transaction: object,
  ) => Pick<Repositories, 'apiKeys' | 'organizations' | 'members' | 'auditLog'>;
  readonly leases: JobLeases;
  readonly observations: UseObservations;
  readonly quotaUses: QuotaUses;
  readonly consoleSessions: ConsoleSessions;
  /** The machine's clock, or PostgreSQL's if they differ by more than a minute. */
  readonly clock: DatabaseClock;
}

/**
 * Creates the repositories of one database.
 *
 * @param dataSource - initialized, with `identityEntities`
 * @throws Error for a driver other than `better-sqlite3` and `postgres`
 */
export function createRepositories(dataSource: DataSource): Repositories {
  const storage = new Storage(dataSource);
  return {
    ...repositoriesOn(storage),
    joinTransaction: (transaction) => repositoriesOn(new JoinedStorage(dataSource, transaction)),
    operatorKeys: new TypeOrmOperatorKeyRepository(storage),
    leases: new TypeOrmJobLeases(storage),
    observations: new TypeOrmUseObservations(storage),
    quotaUses: new TypeOrmQuotaUses(storage),
    consoleSessions: new TypeOrmConsoleSessions(storage),
    clock: new DatabaseClock(dataSource),
  };
}

function repositoriesOn(storage: Storage) {
  return {
    apiKeys: new TypeOrmApiKeyRepository(storage),
    organizations: new TypeOrmOrganizationRepository(storage),
    members: new TypeOrmMemberRepository(storage),
    auditLog: new TypeOrmAuditLog(storage),
  };
}
