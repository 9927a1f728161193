import { type AuthenticationLimits, IdentityModule } from '@feather-identity/http';
import {
  createTypeOrmIdentity,
  generatePepper,
  identityEntities,
  identityMigrations,
  setSqlitePragmas,
} from '@feather-identity/infra';
import { DataSource, EntitySchema } from 'typeorm';
import { type DatabaseType, emptyDatabase } from '../databases.js';
import { setOrganization } from './organization-states.js';
import { interruptPostgres, interruptSqlite } from './outages.js';
import { type Platform, startGuardedApp } from './platforms.js';
import { realTime, type StartedHost } from './started-host.js';

const NAMINGS = { sqlite: { tablePrefix: 'auth_' }, postgres: { schema: 'auth' } };
/** What stands before the names of our tables then. */
const PREFIXES = { sqlite: 'auth_', postgres: 'auth.' };

/** A table of the application's own that has the name of one of ours. */
const HostApiKeys = new EntitySchema<{ id: number; label: string }>({
  name: 'api_keys',
  columns: { id: { type: 'integer', primary: true, generated: true }, label: { type: 'text' } },
});

/** An application that has its keys in its own data source, as its documentation shows. */
export async function startEmbedded(
  type: DatabaseType,
  platform: Platform,
  limits: AuthenticationLimits,
  variables: NodeJS.ProcessEnv,
): Promise<StartedHost> {
  const url = await emptyDatabase(type, variables);
  const dataSource = await openHostDatabase(type, url);
  const identity = createTypeOrmIdentity({
    dataSource,
    keyNamespace: 'acme',
    peppers: generatePepper(1),
    bcryptCost: 4,
  });
  const { organization, token } = await identity.createOrganization.execute('Acme');
  const app = await startGuardedApp(platform, IdentityModule.forRoot({ ...identity, ...limits }));
  const baseUrl = await app.getUrl();
  return {
    url: baseUrl,
    identityUrl: baseUrl,
    ownerKey: token.reveal(),
    stalenessMs: 0,
    ...realTime,
    setOrganization: (state) => setOrganization(dataSource, PREFIXES[type], organization.id, state),
    interrupt: () => (type === 'sqlite' ? interruptSqlite(dataSource) : interruptPostgres(url, variables)),
    close: async () => {
      await app.close();
      await dataSource.destroy();
    },
  };
}

function openHostDatabase(type: DatabaseType, url: string): Promise<DataSource> {
  const shared = { migrationsRun: true, synchronize: true };
  const dataSource =
    type === 'sqlite'
      ? new DataSource({
          ...shared,
          type: 'better-sqlite3',
          database: url.slice('sqlite:'.length),
          prepareDatabase: setSqlitePragmas,
          entities: [HostApiKeys, ...identityEntities('better-sqlite3', NAMINGS.sqlite)],
          migrations: identityMigrations(NAMINGS.sqlite),
        })
      : new DataSource({
          ...shared,
          type,
          url,
          installExtensions: false,
          entities: [HostApiKeys, ...identityEntities(type, NAMINGS.postgres)],
          migrations: identityMigrations(NAMINGS.postgres),
        });
  return dataSource.initialize();
}
