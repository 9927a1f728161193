import { openDatabase, Storage, TypeOrmApiKeyRepository, TypeOrmOrganizationRepository } from '@feather-identity/infra';
import type { DataSource } from 'typeorm';
import type { Environment } from '../environment/environment.js';

/** The database and what is kept in it. */
export interface Persistence {
  readonly dataSource: DataSource;
  readonly apiKeys: TypeOrmApiKeyRepository;
  readonly organizations: TypeOrmOrganizationRepository;
}

/** Opens and migrates the database. The caller destroys `dataSource`. */
export async function openPersistence(env: Environment): Promise<Persistence> {
  const dataSource = await openDatabase({
    location: env.database,
    poolSize: env.databasePoolSize,
    allowNonDurable: env.allowNonDurable,
  });
  const storage = new Storage(dataSource);
  return {
    dataSource,
    apiKeys: new TypeOrmApiKeyRepository(storage),
    organizations: new TypeOrmOrganizationRepository(storage),
  };
}
