import { type DatabaseLocation, identityEntities, identityMigrations, setSqlitePragmas } from '@feather-identity/infra';
import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import { CreateOrders1764200000000 } from './orders/1764200000000-create-orders.js';
import { Order } from './orders/order.js';

const identityTables = { tablePrefix: 'auth_' };

/** The application's database: its own tables, and those of its keys beside them. */
export function databaseOptions(location: DatabaseLocation): TypeOrmModuleOptions {
  const shared = {
    migrations: [CreateOrders1764200000000, ...identityMigrations(identityTables)],
    migrationsRun: true,
    retryAttempts: 3,
  };
  return location.type === 'sqlite'
    ? {
        ...shared,
        type: 'better-sqlite3',
        database: location.path,
        prepareDatabase: setSqlitePragmas,
        entities: [Order, ...identityEntities('better-sqlite3', identityTables)],
      }
    : {
        ...shared,
        type: 'postgres',
        url: location.url,
        entities: [Order, ...identityEntities('postgres', identityTables)],
      };
}
