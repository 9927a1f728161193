import type {
  ApiKeyRepository,
  AuditLog,
  ConsoleSessions,
  JobLeases,
  MemberRepository,
  OperatorKeyRepository,
  OrganizationRepository,
  QuotaUses,
  UsageCounts,
  UseObservations,
} from '@feather-identity/core';
import type { DataSource } from 'typeorm';
import { TypeOrmApiKeyRepository } from './api-keys/typeorm-api-key-repository.js';
import { CredentialLeases, type CredentialLeaseState } from './credentials/credential-leases.js';
import type { LeaseListener } from './credentials/lease-protocol.js';
import { JoinedStorage } from './sql/joined-storage.js';
import { Storage } from './sql/storage.js';
import { TypeOrmJobLeases } from './tables/job-leases.js';
import { TypeOrmUseObservations } from './tables/use-observations.js';
import { TypeOrmAuditLog } from './typeorm-audit-log.js';
import { DatabaseClock } from '../runtime/database-clock.js';
import { TypeOrmConsoleSessions } from './typeorm-console-sessions.js';
import { TypeOrmMemberRepository } from './typeorm-member-repository.js';
import { TypeOrmOperatorKeyRepository } from './typeorm-operator-key-repository.js';
import { TypeOrmUsageCounts } from './usage/typeorm-usage-counts.js';
import { TypeOrmQuotaUses } from './typeorm-quota-uses.js';
import { TypeOrmOrganizationRepository } from './typeorm-organization-repository.js';

/** Adapters for everything that is stored in a database. */
export interface Repositories {
  readonly apiKeys: ApiKeyRepository & {
    /** How often the database was asked for credentials. */
    readonly credentialQueries: number;
    /** What of them is answered from memory; null without leases. */
    readonly credentialLease: CredentialLeaseState | null;
  };
  readonly organizations: OrganizationRepository;
  readonly members: MemberRepository;
  readonly operatorKeys: OperatorKeyRepository;
  readonly auditLog: AuditLog;
  /** The same inside an open transaction of the application's, which is an `EntityManager`. */
  readonly joinTransaction: (
    transaction: object,
  ) => Pick<Repositories, 'apiKeys' | 'organizations' | 'members' | 'auditLog' | 'usageCounts'>;
  readonly leases: JobLeases;
  readonly observations: UseObservations;
  readonly quotaUses: QuotaUses;
  readonly usageCounts: UsageCounts;
  readonly consoleSessions: ConsoleSessions;
  /** The machine's clock, or PostgreSQL's if they differ by more than a minute. */
  readonly clock: DatabaseClock;
}

/** How verifications and changes of keys go together. */
export interface LeaseOptions {
  /**
   * Whether verifications are answered from memory while this process has a lease, on PostgreSQL alone. Default: false,
   * each turn of the event loop asks the database.
   */
  readonly leases?: boolean | undefined;
  /** Called when the lease begins, and with the reason when it ends or cannot be had. Default: nothing is called. */
  readonly onLease?: LeaseListener | undefined;
  /** Called with how long a change waited for the leases of all instances, in milliseconds. Default: nothing is called. */
  readonly onLeaseWait?: ((milliseconds: number) => void) | undefined;
}

/** Options of `createRepositories`. */
export interface RepositoryOptions extends LeaseOptions {
  /**
   * Whether a secret or a proof is only stored under a pepper that the database remembers (`rememberKeySettings`), if it
   * remembers any: a process that goes on with a pepper whose loss was accepted gets `storage.unavailable`. Default: false.
   */
  readonly onlyRememberedPeppers?: boolean | undefined;
}

/**
 * Creates the repositories of one database.
 *
 * @param dataSource - initialized, with `identityEntities`
 * @throws Error for a driver other than `better-sqlite3` and `postgres`
 */
export function createRepositories(dataSource: DataSource, options: RepositoryOptions = {}): Repositories {
  const storage = new Storage(dataSource, options.onLeaseWait, options.onlyRememberedPeppers);
  const hasLeases = options.leases === true && storage.statements.dialect === 'postgres';
  return {
    ...repositoriesOn(storage, hasLeases ? new CredentialLeases(dataSource, options.onLease) : undefined),
    joinTransaction: (transaction) => repositoriesOn(new JoinedStorage(dataSource, transaction)),
    operatorKeys: new TypeOrmOperatorKeyRepository(storage),
    leases: new TypeOrmJobLeases(storage),
    observations: new TypeOrmUseObservations(storage),
    quotaUses: new TypeOrmQuotaUses(storage),
    consoleSessions: new TypeOrmConsoleSessions(storage),
    clock: new DatabaseClock(dataSource),
  };
}

function repositoriesOn(storage: Storage, leases?: CredentialLeases) {
  return {
    apiKeys: new TypeOrmApiKeyRepository(storage, leases),
    organizations: new TypeOrmOrganizationRepository(storage),
    members: new TypeOrmMemberRepository(storage),
    auditLog: new TypeOrmAuditLog(storage),
    usageCounts: new TypeOrmUsageCounts(storage),
  };
}
