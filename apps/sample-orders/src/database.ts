import { identityEntities, identityMigrations, setSqlitePragmas } from '@feather-identity/infra';
import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import type { Environment } from './environment.js';
import { CreateOrders1764200000000 } from './orders/1764200000000-create-orders.js';
import { Order } from './orders/order.js';

const identityTables = { tablePrefix: 'auth_' };

/** The application's database: its own tables, and those of its keys beside them. */
export function databaseOptions(database: Environment['database']): TypeOrmModuleOptions {
  const shared = {
    migrations: [CreateOrders1764200000000, ...identityMigrations(identityTables)],
    migrationsRun: true,
    retryAttempts: 3,
  };
  return 'file' in database
    ? {
        ...shared,
        type: 'better-sqlite3',
        database: database.file,
        prepareDatabase: setSqlitePragmas,
        entities: [Order, ...identityEntities('better-sqlite3', identityTables)],
      }
    : {
        ...shared,
        type: 'postgres',
        url: database.postgresUrl,
        entities: [Order, ...identityEntities('postgres', identityTables)],
      };
}
