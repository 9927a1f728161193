import type {
  ApiKeyRepository,
  AuditLog,
  JobLeases,
  OrganizationRepository,
  QuotaUses,
  UseObservations,
} from '@feather-identity/core';
import type { DataSource } from 'typeorm';
import { TypeOrmApiKeyRepository } from './api-keys/typeorm-api-key-repository.js';
import { Storage } from './sql/storage.js';
import { TypeOrmAuditLog } from './typeorm-audit-log.js';
import { TypeOrmJobLeases } from './typeorm-job-leases.js';
import { DatabaseClock } from '../runtime/database-clock.js';
import { TypeOrmQuotaUses } from './typeorm-quota-uses.js';
import { TypeOrmUseObservations } from './typeorm-use-observations.js';
import { TypeOrmOrganizationRepository } from './typeorm-organization-repository.js';

/** Adapters for everything that is stored in a database. */
export interface Repositories {
  readonly apiKeys: ApiKeyRepository & {
    /** How often the database was asked for credentials. */
    readonly credentialQueries: number;
  };
  readonly organizations: OrganizationRepository;
  readonly auditLog: AuditLog;
  readonly leases: JobLeases;
  readonly observations: UseObservations;
  readonly quotaUses: QuotaUses;
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
    apiKeys: new TypeOrmApiKeyRepository(storage),
    organizations: new TypeOrmOrganizationRepository(storage),
    auditLog: new TypeOrmAuditLog(storage),
    leases: new TypeOrmJobLeases(storage),
    observations: new TypeOrmUseObservations(storage),
    quotaUses: new TypeOrmQuotaUses(storage),
    clock: new DatabaseClock(dataSource),
  };
}
