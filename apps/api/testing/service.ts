import type { AddressInfo } from 'node:net';
import type { ApiKey, Organization } from '@feather-identity/core';
import { BcryptHmacSecretHasher, HmacProof, ImportedHashVerifier, openDatabase } from '@feather-identity/infra';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../src/create-app.js';
import type { Environment } from '../src/environment/environment.js';
import { logDamagedHashes } from '../src/services/damaged-hash-log.js';
import { createIssuing, type Issuing } from '../src/services/issuing.js';
import { loadPeppers } from '../src/services/peppers.js';
import { type Persistence, persistenceIn } from '../src/services/persistence.js';
import { CountingBcrypt } from './counting-bcrypt.js';
import { emptyDatabase, type DatabaseType } from './databases.js';
import { environment } from './environment.js';
import { MemoryLog } from './memory-log.js';
import { Statements } from './statements.js';

/** The whole service in this process, on a port of its own. */
export interface Service {
  readonly app: NestFastifyApplication;
  readonly port: number;
  readonly env: Environment;
  readonly persistence: Persistence;
  readonly issuing: Issuing;
  readonly statements: Statements;
  readonly bcrypt: CountingBcrypt;
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

/** Starts the service with these settings, on a free port unless it is to be this one. */
export async function startServiceIn(env: Environment, port = 0): Promise<Service> {
  const statements = new Statements();
  const log = new MemoryLog();
  const dataSource = await openDatabase({ location: env.database, poolSize: 4, logger: statements });
  const persistence = persistenceIn(dataSource);
  const bcrypt = new CountingBcrypt(env.bcryptCost, logDamagedHashes(log.logger));
  const proof = new HmacProof(await loadPeppers(env));
  const imported = new ImportedHashVerifier({ bcrypt, queue: bcrypt.jobs, peppers: env.importedPeppers });
  const hasher = new BcryptHmacSecretHasher(bcrypt, proof, env.secretScheme, imported);
  const app = await createApp(env, persistence, hasher, log.logger);
  await app.listen(port, '127.0.0.1');
  return {
    app,
    port: (app.getHttpServer().address() as AddressInfo).port,
    env,
    persistence,
    issuing: createIssuing(env, persistence, hasher),
    statements,
    bcrypt,
    log,
    close: async () => {
      await app.close();
      if (dataSource.isInitialized) await dataSource.destroy();
    },
  };
}

/** Stores an organization. */
export async function createTenant({ issuing }: Pick<Service, 'issuing'>, name = 'Acme'): Promise<Tenant> {
  const { organization, apiKey, token } = await issuing.createOrganization.execute(name);
  return { organization, apiKey, key: token.reveal() };
}
