import type { DataSource } from 'typeorm';
import { Storage } from './storage.js';
import { TypeOrmApiKeyRepository } from './typeorm-api-key-repository.js';
import { TypeOrmAuditLog } from './typeorm-audit-log.js';
import { TypeOrmJobLeases } from './typeorm-job-leases.js';
import { TypeOrmOrganizationRepository } from './typeorm-organization-repository.js';

/** Everything that is kept in a database. */
export interface Repositories {
  readonly apiKeys: TypeOrmApiKeyRepository;
  readonly organizations: TypeOrmOrganizationRepository;
  readonly auditLog: TypeOrmAuditLog;
  readonly leases: TypeOrmJobLeases;
}

/** What is kept in this database. */
export function createRepositories(dataSource: DataSource): Repositories {
  const storage = new Storage(dataSource);
  return {
    apiKeys: new TypeOrmApiKeyRepository(storage),
    organizations: new TypeOrmOrganizationRepository(storage),
    auditLog: new TypeOrmAuditLog(storage),
    leases: new TypeOrmJobLeases(storage),
  };
}
