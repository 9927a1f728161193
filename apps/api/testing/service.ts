import type { AddressInfo } from 'node:net';
import type { ApiKey, Organization } from '@feather-identity/core';
import { openDatabase } from '@feather-identity/infra';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../src/create-app.js';
import type { Environment } from '../src/environment/environment.js';
import { logDamagedHashes } from '../src/services/damaged-hash-log.js';
import { logLeases } from '../src/services/lease-log.js';
import { createServiceIdentity, type ServiceIdentity } from '../src/services/identity.js';
import { loadPeppers } from '../src/services/peppers.js';
import { emptyDatabase, type DatabaseType } from './databases.js';
import { environment } from './environment.js';
import { MemoryLog } from './memory-log.js';
import { Statements } from './statements.js';

/** The whole service in this process, on a port of its own. */
export interface Service {
  readonly app: NestFastifyApplication;
  readonly port: number;
  readonly env: Environment;
  readonly identity: ServiceIdentity;
  readonly statements: Statements;
  readonly log: MemoryLog;
  close(): Promise<void>;
}

/** A stored organization and the plain text of its owner's key. */
export interface Tenant {
  readonly organization: Organization;
  readonly apiKey: ApiKey;
  readonly key: string;
}

/** Starts the service on an empty database. */
export async function startService(type: DatabaseType, variables: NodeJS.ProcessEnv): Promise<Service> {
  return startServiceIn(environment({ DATABASE_URL: await emptyDatabase(type, variables) }));
}

/** Starts the service with these settings, on a free port unless it is to be this one, and with this build of the console. */
export async function startServiceIn(env: Environment, port = 0, consoleFolder?: string): Promise<Service> {
  const statements = new Statements();
  const log = new MemoryLog();
  const dataSource = await openDatabase({ location: env.database, poolSize: 4, logger: statements });
  const peppers = await loadPeppers(env);
  const identity = createServiceIdentity(env, dataSource, {
    peppers,
    onDamagedHash: logDamagedHashes(log.logger),
    onLease: logLeases(log.logger),
  });
  const app = await createApp(env, identity, log.logger, consoleFolder);
  await app.listen(port, '127.0.0.1');
  return {
    app,
    port: (app.getHttpServer().address() as AddressInfo).port,
    env,
    identity,
    statements,
    log,
    close: async () => {
      await app.close();
      if (dataSource.isInitialized) await dataSource.destroy();
    },
  };
}

/** Stores an organization. */
export async function createTenant({ identity }: Pick<Service, 'identity'>, name = 'Acme'): Promise<Tenant> {
  const { organization, apiKey, token } = await identity.createOrganization.execute(name);
  return { organization, apiKey, key: token.reveal() };
}
