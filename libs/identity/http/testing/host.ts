import type { AddressInfo } from 'node:net';
import type { ApiKey, Member, Organization, RandomSource, SecretHasher } from '@feather-identity/core';
import { InMemoryIdentity, InMemoryStore, SeededRandomSource } from '@feather-identity/core/testing';
import { configureHttp, createFastifyAdapter, type FastifyAdapterOptions } from '@feather-identity/shared-http/server';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiKeyAuthentication, ApiKeyGuard, IdentityModule, type IdentityModuleOptions } from '../src/index.js';
import { RecordingLogger } from './recording-logger.js';
import { WatchedApiKeyRepository } from './watched-api-key-repository.js';

/** What a host application does to close its routes. */
export const PROTECTIONS = ['hook', 'guard', 'hook and guard'] as const;

export interface HostOptions {
  readonly protection?: (typeof PROTECTIONS)[number];
  readonly controllers?: readonly Type[];
  readonly hasher?: SecretHasher;
  readonly random?: RandomSource;
  readonly importIdentity?: (options: IdentityModuleOptions) => DynamicModule;
  readonly identity?: Partial<IdentityModuleOptions>;
  readonly adapter?: FastifyAdapterOptions;
  readonly configure?: (app: NestFastifyApplication) => void;
}

/** What stands behind an application, all of it in memory. */
export interface Backing {
  readonly identity: InMemoryIdentity;
  readonly apiKeys: WatchedApiKeyRepository;
  readonly logger: RecordingLogger;
  readonly options: IdentityModuleOptions;
}

/** An application that imports the module and listens on a free port. */
export interface Host extends Backing {
  readonly app: NestFastifyApplication;
  readonly port: number;
}

/** A stored organization and the plain text of its owner's key. */
export interface Tenant {
  readonly organization: Organization;
  readonly owner: Member;
  readonly apiKey: ApiKey;
  readonly key: string;
}

@Module({})
class HostModule {}

/** What `startHost` puts an application in front of. */
export function createBacking(options: Pick<HostOptions, 'hasher' | 'random' | 'identity'> = {}): Backing {
  const apiKeys = new WatchedApiKeyRepository(new InMemoryStore());
  const identity = new InMemoryIdentity({ apiKeys, ...(options.hasher ? { hasher: options.hasher } : {}) });
  const {
    organizations,
    members,
    operatorKeys,
    auditLog,
    leases,
    observations,
    quotaUses,
    usageCounts,
    consoleSessions,
    hasher: secretHasher,
    format: tokenFormat,
    proofs,
    ids,
    clock,
  } = identity;
  const random = options.random ?? new SeededRandomSource('host');
  const stores = {
    apiKeys,
    organizations,
    members,
    operatorKeys,
    auditLog,
    leases,
    observations,
    quotaUses,
    usageCounts,
    consoleSessions,
  };
  const parts = { ...stores, secretHasher, proofs, tokenFormat, random, ids, clock };
  return { identity, apiKeys, logger: new RecordingLogger(), options: { ...parts, ...options.identity } };
}

/** Starts a host. The test closes `app`. */
export async function startHost(options: HostOptions = {}): Promise<Host> {
  const { protection = 'hook and guard', importIdentity = (given) => IdentityModule.forRoot(given) } = options;
  const backing = createBacking(options);
  const module: DynamicModule = {
    module: HostModule,
    imports: [importIdentity(backing.options)],
    controllers: [...(options.controllers ?? [])],
    providers: protection === 'hook' ? [] : [{ provide: APP_GUARD, useExisting: ApiKeyGuard }],
  };
  const settings = { bodyParser: false, abortOnError: false, logger: backing.logger };
  const app = await NestFactory.create<NestFastifyApplication>(module, createFastifyAdapter(options.adapter), settings);
  configureHttp(app);
  if (protection !== 'guard') app.get(ApiKeyAuthentication).protect(app);
  options.configure?.(app);
  await app.listen(0, '127.0.0.1');
  return { ...backing, app, port: (app.getHttpServer().address() as AddressInfo).port };
}

/** Stores an organization. */
export async function createTenant({ identity }: Backing, name = 'Acme'): Promise<Tenant> {
  const created = await identity.createOrganization.execute(name);
  const { organization, owner, apiKey, token } = created;
  return { organization, owner, apiKey, key: token.reveal() };
}
