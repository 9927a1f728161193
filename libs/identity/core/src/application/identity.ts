import { assertNoOperatorFormat, operatorTokenFormat } from '../domain/operator-key.js';
import { KeyGenerator } from '../domain/key-generator.js';
import type { RandomSource } from '../domain/random-source.js';
import { type CataloguedScope, ScopeCatalogue } from '../domain/scope-catalogue.js';
import type { TokenFormat } from '../domain/token-format.js';
import { ApiKeys } from './hosts/api-keys.js';
import { Organizations } from './hosts/organizations.js';
import { ConsoleEvents } from './console/console-events.js';
import { ConsoleHolders } from './console/console-holders.js';
import { CreateConsoleLink } from './console/create-console-link.js';
import { ManageConsoleSessions } from './console/manage-console-sessions.js';
import { OpenConsoleSession } from './console/open-console-session.js';
import { VerifyConsoleSession } from './console/verify-console-session.js';
import { AuditEvents } from './audit/audit-events.js';
import { ListAuditEvents } from './audit/list-audit-events.js';
import { ImportApiKeys } from './import/import-api-keys.js';
import { AnnounceExpiringApiKeys } from './keys/announce-expiring-api-keys.js';
import { ApiKeyFactory } from './keys/api-key-factory.js';
import { EndApiKeys } from './keys/end-api-keys.js';
import { FindApiKey } from './keys/find-api-key.js';
import { IssueApiKey } from './keys/issue-api-key.js';
import { IssueOwnerKey } from './keys/issue-owner-key.js';
import { ListApiKeys } from './keys/list-api-keys.js';
import { RevokeApiKey } from './keys/revoke-api-key.js';
import { RevokeUnusedApiKeys } from './keys/revoke-unused-api-keys.js';
import { RotateApiKey } from './keys/rotate-api-key.js';
import { TraceApiKey } from './keys/trace-api-key.js';
import { UpdateApiKey } from './keys/update-api-key.js';
import { CreateMember } from './members/create-member.js';
import { FindMember } from './members/find-member.js';
import { ListMembers } from './members/list-members.js';
import { ProvideMember } from './members/provide-member.js';
import { RemoveMember } from './members/remove-member.js';
import { UpdateMember } from './members/update-member.js';
import { ListInstallationEvents } from './operators/list-installation-events.js';
import { ManageOperatorKeys } from './operators/manage-operator-keys.js';
import { VerifyOperatorKey } from './operators/verify-operator-key.js';
import { AdoptBootstrapKey } from './organizations/adopt-bootstrap-key.js';
import { BootstrapOrganization } from './organizations/bootstrap-organization.js';
import { ChangePolicy } from './organizations/change-policy.js';
import { CreateOrganization } from './organizations/create-organization.js';
import { DeleteOrganization } from './organizations/delete-organization.js';
import { FindOrganization } from './organizations/find-organization.js';
import { ListOrganizations } from './organizations/list-organizations.js';
import { OrganizationFactory } from './organizations/organization-factory.js';
import { UpdateOrganization } from './organizations/update-organization.js';
import type { ApiKeyRepository } from './ports/api-key-repository.js';
import type { AuditLog } from './ports/audit-log.js';
import type { Clock } from './ports/clock.js';
import type { ConsoleSessions } from './ports/console-sessions.js';
import type { IdGenerator } from './ports/id-generator.js';
import type { ImportedKeys } from './ports/imported-keys.js';
import type { JobLeases } from './ports/job-leases.js';
import type { MemberRepository } from './ports/member-repository.js';
import type { OperatorKeyRepository } from './ports/operator-key-repository.js';
import type { OrganizationRepository } from './ports/organization-repository.js';
import type { ProofCache } from './ports/proof-cache.js';
import type { QuotaUses } from './ports/quota-uses.js';
import type { SecretHasher } from './ports/secret-hasher.js';
import type { UsageCounts } from './ports/usage-counts.js';
import type { UseObservations } from './ports/use-observations.js';
import { ReadUsage } from './usage/read-usage.js';
import { RemoveOldUsage, type UsageRetention } from './usage/remove-old-usage.js';
import { AddressRefusals } from './verification/address-refusals.js';
import { CheckApiKey } from './verification/check-api-key.js';
import { QuotaCounters } from './verification/quota-counters.js';
import { SingleFlightVerifier } from './verification/single-flight-verifier.js';
import { UsageCounters } from './verification/usage-counters.js';
import { VerificationMetrics, VerifyApiKey } from './verification/verify-api-key.js';
import { WriteBehind } from './verification/write-behind.js';

/** The adapters that the use cases work with. */
export interface IdentityPorts {
  readonly apiKeys: ApiKeyRepository;
  readonly organizations: OrganizationRepository;
  readonly members: MemberRepository;
  readonly operatorKeys: OperatorKeyRepository;
  readonly auditLog: AuditLog;
  readonly leases: JobLeases;
  readonly observations: UseObservations;
  readonly quotaUses: QuotaUses;
  readonly usageCounts: UsageCounts;
  readonly consoleSessions: ConsoleSessions;
  readonly secretHasher: SecretHasher;
  readonly proofs: ProofCache;
  readonly random: RandomSource;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  /**
   * The repositories inside a transaction of the application: their changes are committed and rolled back with it.
   * Default: `within` of `ApiKeys` and `Organizations` throws.
   */
  readonly joinTransaction?:
    | ((
        transaction: object,
      ) => Pick<IdentityPorts, 'apiKeys' | 'organizations' | 'members' | 'auditLog' | 'usageCounts'>)
    | undefined;
  /** Finds imported keys. Default: only tokens in this installation's own format are accepted. */
  readonly importedKeys?: ImportedKeys | undefined;
}

/** The rules of one installation. */
export interface IdentitySettings extends UsageRetention {
  /** How tokens are spelled. */
  readonly tokenFormat: TokenFormat;
  /**
   * Maximum number of keys of an organization: a whole number from 1. Revoked and expired keys do not count. The
   * operator may exceed it. Default: no limit.
   */
  readonly maxKeysPerOrganization?: number | undefined;
  /**
   * The scopes that keys can be given, beside those of the identity API: at most 1,000. Keys that hold others keep them.
   * Default: any scope.
   */
  readonly scopeCatalogue?: readonly CataloguedScope[] | undefined;
  /** Whether the address and user agent of each key's last use are stored. Default: true. */
  readonly keepLastUsedFrom?: boolean | undefined;
}

/**
 * Every use case, each built once from the same ports. This is the only place where they are wired.
 *
 * @example
 * ```ts
 * const identity = new Identity(ports, { tokenFormat: new TokenFormat('acme', 'live') });
 * const { token } = await identity.createOrganization.execute('Acme');
 * const caller = await identity.verifyApiKey.execute(token.reveal());
 * ```
 */
export class Identity {
  readonly issueApiKey: IssueApiKey;
  readonly updateApiKey: UpdateApiKey;
  readonly rotateApiKey: RotateApiKey;
  readonly revokeApiKey: RevokeApiKey;
  readonly endApiKeys: EndApiKeys;
  readonly revokeUnusedApiKeys: RevokeUnusedApiKeys;
  readonly announceExpiringApiKeys: AnnounceExpiringApiKeys;
  readonly findApiKey: FindApiKey;
  readonly listApiKeys: ListApiKeys;
  readonly traceApiKey: TraceApiKey;
  readonly scopeCatalogue: ScopeCatalogue;

  readonly verifyApiKey: VerifyApiKey;
  readonly checkApiKey: CheckApiKey;
  readonly metrics = new VerificationMetrics();
  readonly quotaCounters: QuotaCounters;
  readonly addressRefusals: AddressRefusals;
  /** Collects the writes of verifications: start it, and stop it after the last request. */
  readonly writeBehind: WriteBehind;

  readonly createOrganization: CreateOrganization;
  readonly bootstrapOrganization: BootstrapOrganization;
  readonly adoptBootstrapKey: AdoptBootstrapKey;
  readonly issueOwnerKey: IssueOwnerKey;
  readonly listOrganizations: ListOrganizations;
  readonly findOrganization: FindOrganization;
  readonly updateOrganization: UpdateOrganization;
  readonly deleteOrganization: DeleteOrganization;
  readonly changePolicy: ChangePolicy;

  readonly createMember: CreateMember;
  readonly provideMember: ProvideMember;
  readonly findMember: FindMember;
  readonly listMembers: ListMembers;
  readonly updateMember: UpdateMember;
  readonly removeMember: RemoveMember;

  readonly readUsage: ReadUsage;
  readonly removeOldUsage: RemoveOldUsage;
  readonly listAuditEvents: ListAuditEvents;
  readonly importApiKeys: ImportApiKeys;

  readonly manageOperatorKeys: ManageOperatorKeys;
  readonly verifyOperatorKey: VerifyOperatorKey;
  readonly listInstallationEvents: ListInstallationEvents;

  readonly openConsoleSession: OpenConsoleSession;
  readonly verifyConsoleSession: VerifyConsoleSession;
  readonly manageConsoleSessions: ManageConsoleSessions;
  readonly createConsoleLink: CreateConsoleLink;

  readonly hostApiKeys: ApiKeys;
  readonly hostOrganizations: Organizations;

  /**
   * @throws IdentityError `token.format_invalid` for tokens that look like those of operators
   * @throws RangeError for a `maxKeysPerOrganization` that is not a whole number from 1, which would not limit anything
   * @throws RangeError for a `usageHoursKeptDays` or `usageDaysKeptDays` that would lose usage
   * @throws RangeError for a `scopeCatalogue` that is not valid
   */
  constructor(ports: IdentityPorts, settings: IdentitySettings) {
    const { tokenFormat: format, maxKeysPerOrganization, scopeCatalogue } = settings;
    assertLimit(maxKeysPerOrganization);
    assertNoOperatorFormat(format);
    const catalogue = new ScopeCatalogue(scopeCatalogue);
    this.scopeCatalogue = catalogue;
    const { apiKeys, organizations, members, auditLog, usageCounts, secretHasher, ids, clock, random } = ports;
    const events = new AuditEvents(auditLog, ids, clock);
    const apiKeyFactory = new ApiKeyFactory(new KeyGenerator(format, random), secretHasher, ids, clock, events);
    const organizationFactory = new OrganizationFactory(apiKeyFactory, ids, clock, events, catalogue);

    this.issueApiKey = new IssueApiKey(apiKeys, apiKeyFactory, events, clock, catalogue, maxKeysPerOrganization);
    this.updateApiKey = new UpdateApiKey(apiKeys, events, clock, catalogue, maxKeysPerOrganization);
    this.rotateApiKey = new RotateApiKey(apiKeys, apiKeyFactory, events, clock);
    this.revokeApiKey = new RevokeApiKey(apiKeys, events);
    this.endApiKeys = new EndApiKeys(apiKeys, events);
    this.revokeUnusedApiKeys = new RevokeUnusedApiKeys({ ...ports, events });
    this.announceExpiringApiKeys = new AnnounceExpiringApiKeys(ports);
    this.findApiKey = new FindApiKey(apiKeys, usageCounts, clock);
    this.listApiKeys = new ListApiKeys(apiKeys, usageCounts, clock);
    this.readUsage = new ReadUsage(usageCounts, clock);
    this.removeOldUsage = new RemoveOldUsage(ports, settings);

    this.quotaCounters = new QuotaCounters(ports.quotaUses);
    this.addressRefusals = new AddressRefusals(auditLog, events, clock);
    const { metrics, quotaCounters, addressRefusals } = this;
    const usageCounters = new UsageCounters(usageCounts);
    const keepsLastUsedFrom = settings.keepLastUsedFrom;
    this.writeBehind = new WriteBehind({ ...ports, quotaCounters, addressRefusals, usageCounters, keepsLastUsedFrom });
    const { writeBehind } = this;
    const secretVerifier = new SingleFlightVerifier(secretHasher);
    this.verifyApiKey = new VerifyApiKey({ ...ports, format, secretVerifier, metrics, writeBehind });
    this.checkApiKey = new CheckApiKey(this.verifyApiKey, clock, this.addressRefusals);
    this.traceApiKey = new TraceApiKey({ ...ports, format, verifyApiKey: this.verifyApiKey });

    this.createOrganization = new CreateOrganization(organizations, organizationFactory);
    this.bootstrapOrganization = new BootstrapOrganization(organizations, organizationFactory);
    this.adoptBootstrapKey = new AdoptBootstrapKey(
      format,
      apiKeys,
      organizations,
      secretHasher,
      apiKeyFactory,
      organizationFactory,
      clock,
    );
    this.issueOwnerKey = new IssueOwnerKey(organizations, this.issueApiKey);
    this.listOrganizations = new ListOrganizations(organizations);
    this.findOrganization = new FindOrganization(organizations);
    this.deleteOrganization = new DeleteOrganization(organizations, events);
    this.updateOrganization = new UpdateOrganization(organizations, events, clock);
    this.changePolicy = new ChangePolicy(organizations, events);

    this.createMember = new CreateMember(members, ids, clock, events);
    this.findMember = new FindMember(members);
    this.listMembers = new ListMembers(members);
    this.updateMember = new UpdateMember(members, events, clock);
    this.provideMember = new ProvideMember(members, this.updateMember, ids, clock, events);
    this.removeMember = new RemoveMember(members, events);

    this.listAuditEvents = new ListAuditEvents(auditLog, apiKeys);
    this.importApiKeys = new ImportApiKeys({ ...ports, format, events });

    const { operatorKeys } = ports;
    const operatorFormat = operatorTokenFormat(format);
    const operatorTokens = new KeyGenerator(operatorFormat, random);
    this.manageOperatorKeys = new ManageOperatorKeys(operatorKeys, operatorTokens, secretHasher, ids, clock);
    this.verifyOperatorKey = new VerifyOperatorKey(operatorFormat, operatorKeys, secretVerifier, clock);
    this.listInstallationEvents = new ListInstallationEvents(auditLog, operatorKeys);

    const { consoleSessions: sessions } = ports;
    const holders = new ConsoleHolders(apiKeys, operatorKeys, clock);
    const consoleEvents = new ConsoleEvents(ids, clock);
    const { verifyApiKey, verifyOperatorKey } = this;
    const entry = { sessions, holders, events: consoleEvents, verifyApiKey, operatorFormat, random, clock };
    this.openConsoleSession = new OpenConsoleSession({ ...entry, verifyOperatorKey, ids });
    this.verifyConsoleSession = new VerifyConsoleSession(sessions, holders, clock);
    this.manageConsoleSessions = new ManageConsoleSessions(sessions, holders, consoleEvents, clock);
    this.createConsoleLink = new CreateConsoleLink({ ...entry, auditEvents: events });
    const within = (transaction: object): Identity => {
      if (ports.joinTransaction === undefined) throw new TypeError('The adapters have no joinTransaction.');
      return new Identity({ ...ports, ...ports.joinTransaction(transaction) }, settings);
    };
    this.hostApiKeys = new ApiKeys(this, (transaction) => within(transaction).hostApiKeys);
    this.hostOrganizations = new Organizations(this, (transaction) => within(transaction).hostOrganizations);
  }
}

/**
 * Use cases of an operator, which need no request and no key. Applications spread them into `IdentityModule.forRoot`,
 * with the options.
 */
export const OPERATOR_USE_CASES = [
  'createOrganization',
  'bootstrapOrganization',
  'adoptBootstrapKey',
  'updateOrganization',
  'changePolicy',
  'issueOwnerKey',
  'listOrganizations',
  'findOrganization',
  'deleteOrganization',
  'createMember',
  'findMember',
  'listMembers',
  'updateMember',
  'removeMember',
  'manageOperatorKeys',
  'verifyOperatorKey',
  'listInstallationEvents',
  'createConsoleLink',
  'listApiKeys',
  'updateApiKey',
  'rotateApiKey',
  'revokeApiKey',
  'endApiKeys',
  'revokeUnusedApiKeys',
  'traceApiKey',
  'readUsage',
  'importApiKeys',
  'hostApiKeys',
  'hostOrganizations',
] as const satisfies readonly (keyof Identity)[];

/** The use cases of an operator. */
export type OperatorUseCases = Pick<Identity, (typeof OPERATOR_USE_CASES)[number]>;

/** Picks the operator's use cases from all. */
export function operatorUseCasesOf(identity: Identity): OperatorUseCases {
  return Object.fromEntries(OPERATOR_USE_CASES.map((name) => [name, identity[name]])) as unknown as OperatorUseCases;
}

/** Types do not see `Number(...)` of a text that is no number, and nothing in JavaScript. */
function assertLimit(maxKeysPerOrganization: number | undefined): void {
  if (maxKeysPerOrganization === undefined) return;
  if (Number.isSafeInteger(maxKeysPerOrganization) && maxKeysPerOrganization >= 1) return;
  throw new RangeError('maxKeysPerOrganization must be a whole number from 1.');
}
