import { hash } from 'node:crypto';
import { UnauthorizedException } from '@nestjs/common';
import { DataSource, EntitySchema } from 'typeorm';
import { tokenAt } from '../keys.mjs';
import { startMinimalApp } from './minimal-app.mjs';

const KEYS = 1000;

class StoredKey {}
const schema = new EntitySchema({
  name: 'StoredKey',
  target: StoredKey,
  tableName: 'stored_keys',
  columns: {
    id: { type: 'integer', primary: true },
    keyHash: { type: 'text', name: 'key_hash', unique: true },
    name: { type: 'text' },
  },
});

/** The guard of many tutorials: `findOneBy` the SHA-256 of the key. One table, no joins, no state, no scopes. */
export async function start({ database, location }) {
  const dataSource = await new DataSource({ ...driver(database, location), entities: [schema] }).initialize();
  await dataSource.synchronize(true);
  const keys = dataSource.getRepository(StoredKey);
  await keys.insert(
    Array.from({ length: KEYS }, (_, id) => ({ id, keyHash: hash('sha256', tokenAt(id)), name: 'CI' })),
  );
  const guard = {
    async canActivate(context) {
      const header = context.switchToHttp().getRequest().headers['x-api-key'];
      const keyHash = hash('sha256', typeof header === 'string' ? header : '');
      if ((await keys.findOneBy({ keyHash })) === null) throw new UnauthorizedException();
      return true;
    },
  };
  const app = await startMinimalApp({ guard });
  return { port: app.port, key: tokenAt(0), close: () => app.close().then(() => dataSource.destroy()) };
}

function driver(database, location) {
  if (database === 'postgres') return { type: 'postgres', url: location, poolSize: 10, installExtensions: false };
  return { type: 'better-sqlite3', database: location, enableWAL: true };
}
