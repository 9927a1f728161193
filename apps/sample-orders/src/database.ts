import { identityEntities, identityMigrations, setSqlitePragmas } from '@feather-identity/infra';
import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import type { Environment } from './environment.js';
import { CreateUsers1764800000000 } from './accounts/1764800000000-create-users.js';
import { User } from './accounts/user.js';
import { CreateOrders1764200000000 } from './orders/1764200000000-create-orders.js';
import { Order } from './orders/order.js';

const identityTables = { tablePrefix: 'auth_' };

/** The application's database: its orders, and its users and the keys unless a service has the keys. */
export function databaseOptions({
  database,
  identityService,
}: Pick<Environment, 'database' | 'identityService'>): TypeOrmModuleOptions {
  const hasKeys = identityService === null;
  const shared = {
    migrations: [
      CreateOrders1764200000000,
      ...(hasKeys ? [CreateUsers1764800000000, ...identityMigrations(identityTables)] : []),
    ],
    migrationsRun: true,
    retryAttempts: 3,
  };
  const entities = (type: 'better-sqlite3' | 'postgres') => [
    Order,
    ...(hasKeys ? [User, ...identityEntities(type, identityTables)] : []),
  ];
  return database.type === 'sqlite'
    ? {
        ...shared,
        type: 'better-sqlite3',
        database: database.path,
        prepareDatabase: setSqlitePragmas,
        entities: entities('better-sqlite3'),
      }
    : { ...shared, type: 'postgres', url: database.url, entities: entities('postgres') };
}
