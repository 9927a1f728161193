import { KeyGenerator } from '../domain/key-generator.js';
import type { RandomSource } from '../domain/random-source.js';
import { type CataloguedScope, ScopeCatalogue } from '../domain/scope-catalogue.js';
import type { TokenFormat } from '../domain/token-format.js';
import { AuditEvents } from './audit/audit-events.js';
import { ListAuditEvents } from './audit/list-audit-events.js';
import { ImportApiKeys } from './import/import-api-keys.js';
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
import { AdoptBootstrapKey } from './organizations/adopt-bootstrap-key.js';
import { BootstrapOrganization } from './organizations/bootstrap-organization.js';
import { ChangePolicy } from './organizations/change-policy.js';
import { CreateOrganization } from './organizations/create-organization.js';
import { ListOrganizations } from './organizations/list-organizations.js';
import { OrganizationFactory } from './organizations/organization-factory.js';
import { UpdateOrganization } from './organizations/update-organization.js';
import type { ApiKeyRepository } from './ports/api-key-repository.js';
import type { AuditLog } from './ports/audit-log.js';
import type { Clock } from './ports/clock.js';
import type { IdGenerator } from './ports/id-generator.js';
import type { ImportedKeys } from './ports/imported-keys.js';
import type { JobLeases } from './ports/job-leases.js';
import type { OrganizationRepository } from './ports/organization-repository.js';
import type { ProofCache } from './ports/proof-cache.js';
import type { SecretHasher } from './ports/secret-hasher.js';
import type { UseObservations } from './ports/use-observations.js';
import { CheckApiKey } from './verification/check-api-key.js';
import { SingleFlightVerifier } from './verification/single-flight-verifier.js';
import { VerificationMetrics, VerifyApiKey } from './verification/verify-api-key.js';
import { WriteBehind } from './verification/write-behind.js';

/** The adapters that the use cases work with. */
export interface IdentityPorts {
  readonly apiKeys: ApiKeyRepository;
  readonly organizations: OrganizationRepository;
  readonly auditLog: AuditLog;
  readonly leases: JobLeases;
  readonly observations: UseObservations;
  readonly secretHasher: SecretHasher;
  readonly proofs: ProofCache;
  readonly random: RandomSource;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  /** Finds keys of other systems. Default: only tokens in this installation's own format are accepted. */
  readonly importedKeys?: ImportedKeys | undefined;
}

/** The rules of one installation. */
export interface IdentitySettings {
  /** How tokens are spelled. */
  readonly tokenFormat: TokenFormat;
  /**
   * Most keys of one organization: a whole number from 1. Revoked and expired keys do not count. The operator may exceed
   * it. Default: no limit.
   */
  readonly maxKeysPerOrganization?: number | undefined;
  /**
   * The scopes that keys can be given, beside those of the identity API: at most 1,000. Keys that hold others keep them.
   * Default: any scope.
   */
  readonly scopeCatalogue?: readonly CataloguedScope[] | undefined;
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
  readonly findApiKey: FindApiKey;
  readonly listApiKeys: ListApiKeys;
  readonly traceApiKey: TraceApiKey;
  readonly scopeCatalogue: ScopeCatalogue;

  readonly verifyApiKey: VerifyApiKey;
  readonly checkApiKey: CheckApiKey;
  readonly metrics = new VerificationMetrics();
  /** Verification leaves writes in it: start it, and stop it after the last request. */
  readonly writeBehind: WriteBehind;

  readonly createOrganization: CreateOrganization;
  readonly bootstrapOrganization: BootstrapOrganization;
  readonly adoptBootstrapKey: AdoptBootstrapKey;
  readonly issueOwnerKey: IssueOwnerKey;
  readonly listOrganizations: ListOrganizations;
  readonly updateOrganization: UpdateOrganization;
  readonly changePolicy: ChangePolicy;
  readonly listAuditEvents: ListAuditEvents;
  readonly importApiKeys: ImportApiKeys;

  /**
   * @throws RangeError for a `maxKeysPerOrganization` that is not a whole number from 1: it would be no limit
   * @throws RangeError for a `scopeCatalogue` that no `ScopeCatalogue` can be made of
   */
  constructor(ports: IdentityPorts, { tokenFormat: format, maxKeysPerOrganization, scopeCatalogue }: IdentitySettings) {
    assertLimit(maxKeysPerOrganization);
    const catalogue = new ScopeCatalogue(scopeCatalogue);
    this.scopeCatalogue = catalogue;
    const { apiKeys, organizations, auditLog, secretHasher, ids, clock, random } = ports;
    const events = new AuditEvents(auditLog, ids, clock);
    const apiKeyFactory = new ApiKeyFactory(new KeyGenerator(format, random), secretHasher, ids, clock, events);
    const organizationFactory = new OrganizationFactory(apiKeyFactory, ids, clock, events);

    this.issueApiKey = new IssueApiKey(apiKeys, apiKeyFactory, events, clock, catalogue, maxKeysPerOrganization);
    this.updateApiKey = new UpdateApiKey(apiKeys, events, clock, catalogue, maxKeysPerOrganization);
    this.rotateApiKey = new RotateApiKey(apiKeys, apiKeyFactory, events, clock);
    this.revokeApiKey = new RevokeApiKey(apiKeys, events);
    this.endApiKeys = new EndApiKeys(apiKeys, events);
    this.revokeUnusedApiKeys = new RevokeUnusedApiKeys({ ...ports, events });
    this.findApiKey = new FindApiKey(apiKeys);
    this.listApiKeys = new ListApiKeys(apiKeys, clock);

    this.writeBehind = new WriteBehind(ports);
    const { metrics, writeBehind } = this;
    const secretVerifier = new SingleFlightVerifier(secretHasher);
    this.verifyApiKey = new VerifyApiKey({ ...ports, format, secretVerifier, metrics, writeBehind });
    this.checkApiKey = new CheckApiKey(this.verifyApiKey, clock);
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
    this.updateOrganization = new UpdateOrganization(organizations, events, clock);
    this.changePolicy = new ChangePolicy(organizations, events);
    this.listAuditEvents = new ListAuditEvents(auditLog, apiKeys);
    this.importApiKeys = new ImportApiKeys({ ...ports, format, events });
  }
}

/** Types do not see `Number(...)` of a text that is no number, and nothing in JavaScript. */
function assertLimit(maxKeysPerOrganization: number | undefined): void {
  if (maxKeysPerOrganization === undefined) return;
  if (Number.isSafeInteger(maxKeysPerOrganization) && maxKeysPerOrganization >= 1) return;
  throw new RangeError('maxKeysPerOrganization must be a whole number from 1.');
}
