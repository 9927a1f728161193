import { identityEntities, identityMigrations } from '@feather-identity/infra';
import { DataSource } from 'typeorm';

const naming = { tablePrefix: 'auth_' };

/** The application's own database: the tables of its keys stand beside its own. */
export const dataSource = new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_URL,
  entities: [...identityEntities('postgres', naming)],
  migrations: [...identityMigrations(naming)],
  migrationsRun: true,
});
