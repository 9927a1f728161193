import {
  createTypeOrmIdentity,
  type DamagedHashListener,
  HashingQueue,
  type PepperRing,
  type TypeOrmIdentity,
} from '@feather-identity/infra';
import type { DataSource } from 'typeorm';
import type { Environment } from '../environment/environment.js';
import { openServiceDatabase, type OpenDatabaseOptions } from './database.js';
import { loadPeppers } from './peppers.js';

/** What the settings of this installation make of its database. */
export interface ServiceIdentity extends TypeOrmIdentity {
  readonly dataSource: DataSource;
  readonly hashingQueue: HashingQueue;
}

/** What `createServiceIdentity` is told beside the settings. */
export interface ServiceIdentityOptions {
  /** Default: those of the settings, read when they are first needed. */
  readonly peppers?: PepperRing;
  readonly onDamagedHash?: DamagedHashListener;
}

/** Opens the database, migrates it, and follows its clock. The caller destroys `dataSource`. */
export async function openIdentity(
  env: Environment,
  options: OpenDatabaseOptions & ServiceIdentityOptions = {},
): Promise<ServiceIdentity> {
  const identity = createServiceIdentity(env, await openServiceDatabase(env, options), options);
  try {
    await identity.clock.compare();
  } catch (error) {
    // Its open connections would keep a command from ending.
    await identity.dataSource.destroy();
    throw error;
  }
  return identity;
}

/** Builds the library as any application does, from the settings of the environment. */
export function createServiceIdentity(
  env: Environment,
  dataSource: DataSource,
  { peppers, onDamagedHash }: ServiceIdentityOptions = {},
): ServiceIdentity {
  const hashingQueue = new HashingQueue();
  const { namespace: keyNamespace, environment: keyEnvironment } = env.tokenFormat;
  const { secretScheme, bcryptCost, maxKeysPerOrganization, importedKeys: lookups, importedPeppers } = env;
  const identity = createTypeOrmIdentity({
    dataSource,
    keyNamespace,
    keyEnvironment,
    peppers: peppers ?? (() => loadPeppers(env)),
    secretScheme,
    bcryptCost,
    maxKeysPerOrganization,
    importedKeys: lookups === null ? undefined : { lookups, peppers: importedPeppers },
    hashingQueue,
    onDamagedHash,
  });
  return { ...identity, dataSource, hashingQueue };
}
