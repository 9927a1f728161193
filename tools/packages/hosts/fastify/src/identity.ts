import { createTypeOrmIdentity, type TypeOrmIdentity } from '@feather-identity/infra';
import { dataSource } from './database.js';

/** The keys in the application's database. */
export async function openIdentity(): Promise<TypeOrmIdentity> {
  await dataSource.initialize();
  return createTypeOrmIdentity({ dataSource, keyNamespace: 'orders', peppers: process.env.API_KEY_PEPPERS ?? '' });
}
