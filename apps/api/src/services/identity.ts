import { EventEmitter } from 'node:events';
import {
  createTypeOrmIdentity,
  type DamagedHashListener,
  HashingQueue,
  type LeaseListener,
  PepperRing,
  type TypeOrmIdentity,
} from '@feather-identity/infra';
import type { DataSource } from 'typeorm';
import type { Environment } from '../environment/environment.js';
import { openServiceDatabase, type OpenDatabaseOptions } from './database.js';
import { peppersOfCommand, startWithKeySettings } from './key-settings.js';
import { peppersOfStart } from './peppers.js';
import { readScopesFile } from './scopes-file.js';

/** What the settings of this installation make of its database. */
export interface ServiceIdentity extends TypeOrmIdentity {
  readonly dataSource: DataSource;
  readonly hashingQueue: HashingQueue;
  /** Emits how long a change of keys waited for the leases of all instances, in milliseconds. */
  readonly leaseWaits: EventEmitter<{ waited: [milliseconds: number] }>;
  /** The peppers of a service; null for a command, which reads them when it makes its first secret. */
  readonly peppers: PepperRing | null;
}

/** What `createServiceIdentity` is told beside the settings. */
export interface ServiceIdentityOptions {
  /** A function is called when the first secret is made or verified. */
  readonly peppers: PepperRing | (() => Promise<PepperRing>);
  readonly onDamagedHash?: DamagedHashListener;
  readonly onLease?: LeaseListener;
}

/** A started service: its use cases, and the peppers that it uses. */
export interface StartedIdentity {
  readonly identity: ServiceIdentity;
  readonly peppers: PepperRing;
}

/**
 * Opens the database for a service: migrates it, compares the settings with it, and follows its clock. The caller destroys
 * `dataSource`.
 */
export async function startIdentity(
  env: Environment,
  listeners: Omit<ServiceIdentityOptions, 'peppers'> = {},
): Promise<StartedIdentity> {
  const found = await peppersOfStart(env);
  const dataSource = await openServiceDatabase(env, { migrates: true });
  return orDestroy(dataSource, async () => {
    const peppers = await startWithKeySettings(env, dataSource, found);
    const identity = createServiceIdentity(env, dataSource, { peppers, ...listeners });
    await identity.clock.compare();
    return { identity, peppers };
  });
}

/**
 * Opens the database for a command, which creates and migrates nothing unless it is told to, and follows its clock. The
 * settings are compared with the database when the command makes its first secret. The caller destroys `dataSource`.
 */
export async function openIdentity(env: Environment, options?: OpenDatabaseOptions): Promise<ServiceIdentity> {
  const dataSource = await openServiceDatabase(env, options);
  return orDestroy(dataSource, async () => {
    const identity = createServiceIdentity(env, dataSource, { peppers: () => peppersOfCommand(env, dataSource) });
    await identity.clock.compare();
    return identity;
  });
}

/** Open connections would keep a command that failed from ending. */
async function orDestroy<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** Builds the library as any application does, from the settings of the environment. */
export function createServiceIdentity(
  env: Environment,
  dataSource: DataSource,
  { peppers, onDamagedHash, onLease }: ServiceIdentityOptions,
): ServiceIdentity {
  const hashingQueue = new HashingQueue();
  const leaseWaits: ServiceIdentity['leaseWaits'] = new EventEmitter();
  const { namespace: keyNamespace, environment: keyEnvironment } = env.tokenFormat;
  const { secretScheme, bcryptCost, maxKeysPerOrganization, importedKeys: lookups, importedPeppers } = env;
  const identity = createTypeOrmIdentity({
    dataSource,
    keyNamespace,
    keyEnvironment,
    peppers,
    secretScheme,
    bcryptCost,
    maxKeysPerOrganization,
    scopeCatalogue: readScopesFile(env),
    keepLastUsedFrom: env.keepLastUsedFrom,
    usageHoursKeptDays: env.usageHoursKeptDays,
    usageDaysKeptDays: env.usageDaysKeptDays,
    importedKeys: lookups === null ? undefined : { lookups, peppers: importedPeppers },
    hashingQueue,
    onDamagedHash,
    leases: env.credentialLeases,
    onLease,
    onLeaseWait: (milliseconds) => leaseWaits.emit('waited', milliseconds),
    onlyRememberedPeppers: true,
  });
  return { ...identity, dataSource, hashingQueue, leaseWaits, peppers: peppers instanceof PepperRing ? peppers : null };
}
