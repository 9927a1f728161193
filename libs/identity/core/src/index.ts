export {
  Identity,
  type IdentityPorts,
  type IdentitySettings,
  OPERATOR_USE_CASES,
  type OperatorUseCases,
  operatorUseCasesOf,
} from './application/identity.js';

export {
  type ApiKeyDraft,
  type ApiKeyFactory,
  type ApiKeyTerms,
  type SecretDraft,
} from './application/keys/api-key-factory.js';
export { EndApiKeys, MAX_ENDED_KEYS } from './application/keys/end-api-keys.js';
export {
  ApiKeys,
  type IssueKeyRequest,
  type KeyAccess,
  type GrantBounds,
  type KeyInfo,
  type KeyReference,
  type KeyUsage,
  type KeyWithToken,
  type ListKeysRequest,
  type RevokeKeyRequest,
  type RotateKeyRequest,
  type TokenUsage,
  type UpdateKeyRequest,
} from './application/hosts/api-keys.js';
export {
  type CreatedOrganization,
  type CreateOrganizationRequest,
  type ListUsersRequest,
  OrganizationMembers,
  Organizations,
  type UserUpdate,
} from './application/hosts/organizations.js';
export { type HostUseCases } from './application/hosts/use-cases.js';
export { type ActingUser, type KeyUser, type StoredUser, type UserOrigin } from './application/hosts/users.js';

export { FindApiKey, type FoundApiKey } from './application/keys/find-api-key.js';
export { type Grantor, grantorOf, operatorGrantor, type RequestOrigin } from './application/keys/grantor.js';
export { IssueApiKey, type IssueApiKeyRequest } from './application/keys/issue-api-key.js';
export { IssueOwnerKey } from './application/keys/issue-owner-key.js';
export {
  type ApiKeyList,
  ListApiKeys,
  type ListApiKeysRequest,
  ListedApiKey,
} from './application/keys/list-api-keys.js';
export {
  AnnounceExpiringApiKeys,
  type AnnounceExpiringDependencies,
  type FailedExpiryNotice,
  type KeyExpiryNotice,
} from './application/keys/announce-expiring-api-keys.js';
export { type KeyBounds, type WantedBounds } from './application/keys/key-bounds.js';
export { RevokeApiKey, type RevokeApiKeyOptions } from './application/keys/revoke-api-key.js';
export {
  RevokeUnusedApiKeys,
  type RevokeUnusedDependencies,
  type RevokedUnusedApiKeys,
  type UnusedApiKeys,
} from './application/keys/revoke-unused-api-keys.js';
export { MAX_GRACE_SECONDS, RotateApiKey, type RotatedApiKey } from './application/keys/rotate-api-key.js';
export { TraceApiKey, type TraceDependencies, type TracedApiKey } from './application/keys/trace-api-key.js';
export { type ApiKeyUpdate, UpdateApiKey } from './application/keys/update-api-key.js';

export { assertPermissionNames, assertScopes } from './application/verification/assert-scopes.js';
export { AddressRefusals, type RefusedCaller } from './application/verification/address-refusals.js';
export {
  CheckApiKey,
  type CheckedApiKey,
  type CheckFailure,
  type ShownFrom,
} from './application/verification/check-api-key.js';
export {
  MAX_USAGE_DAYS,
  MAX_USAGE_KEYS,
  type OrganizationUsageReport,
  ReadUsage,
  type ReadUsageRequest,
} from './application/usage/read-usage.js';
export {
  RemoveOldUsage,
  type RemoveOldUsageDependencies,
  type UsageRetention,
} from './application/usage/remove-old-usage.js';
export { type RecentUsage, UNUSED } from './application/usage/recent-usage.js';
export { NO_USAGE, requestsOf, sumOf } from './application/usage/usage-totals.js';
export { QuotaCounter, QuotaCounters } from './application/verification/quota-counters.js';
export {
  refusingCheckOf,
  type VerificationDependencies,
  VerificationMetrics,
  VerifyApiKey,
} from './application/verification/verify-api-key.js';
export { type SingleFlightVerifier } from './application/verification/single-flight-verifier.js';
export { sortedBatches } from './application/verification/sorted-batches.js';
export { UsageCounters, type UsedApiKey } from './application/verification/usage-counters.js';
export {
  type UsingClient,
  WriteBehind,
  type WriteBehindDependencies,
} from './application/verification/write-behind.js';

export { AdoptBootstrapKey, type BootstrapKeyState } from './application/organizations/adopt-bootstrap-key.js';
export { BootstrapOrganization } from './application/organizations/bootstrap-organization.js';
export { ChangePolicy, type PolicyChanger } from './application/organizations/change-policy.js';
export {
  CreateOrganization,
  type SignedUpOrganization,
  type SignUpRequest,
} from './application/organizations/create-organization.js';
export { DeleteOrganization, type OrganizationDeletion } from './application/organizations/delete-organization.js';
export { FindOrganization } from './application/organizations/find-organization.js';
export { ListOrganizations, type ListOrganizationsRequest } from './application/organizations/list-organizations.js';
export {
  type FirstKey,
  type FirstKeyTerms,
  type CreationType,
  type OrganizationDraft,
  type OrganizationFactory,
  type OrganizationOwner,
  type OrganizationTerms,
} from './application/organizations/organization-factory.js';
export { type OrganizationUpdate, UpdateOrganization } from './application/organizations/update-organization.js';

export { CreateMember, type CreateMemberRequest } from './application/members/create-member.js';
export { FindMember } from './application/members/find-member.js';
export { ListMembers, type ListMembersRequest } from './application/members/list-members.js';
export { ProvideMember } from './application/members/provide-member.js';
export { RemoveMember } from './application/members/remove-member.js';
export { type MemberUpdate, UpdateMember } from './application/members/update-member.js';

export {
  type InstallationEvent,
  ListInstallationEvents,
  type ListInstallationEventsRequest,
} from './application/operators/list-installation-events.js';
export { type CreateOperatorKeyRequest, ManageOperatorKeys } from './application/operators/manage-operator-keys.js';
export {
  operatorActor,
  type OperatorCaller,
  operatorCallerOf,
  VerifyOperatorKey,
} from './application/operators/verify-operator-key.js';

export { type ConsoleEvents, type ConsoleEventType } from './application/console/console-events.js';
export { type ConsoleHolders, type ConsoleIdentity } from './application/console/console-holders.js';
export {
  type ConsoleLinkRequest,
  CreateConsoleLink,
  type CreatedConsoleLink,
  type LinkDependencies,
} from './application/console/create-console-link.js';
export { ManageConsoleSessions } from './application/console/manage-console-sessions.js';
export {
  type ConsoleEntry,
  type OpenedConsoleSession,
  OpenConsoleSession,
  type OpeningDependencies,
} from './application/console/open-console-session.js';
export { type ActiveConsoleSession, VerifyConsoleSession } from './application/console/verify-console-session.js';

export { type AuditedSubject, type AuditEvents } from './application/audit/audit-events.js';
export {
  type AuditEventFilters,
  ListAuditEvents,
  type ListAuditEventsRequest,
} from './application/audit/list-audit-events.js';
export {
  ImportApiKeys,
  type ImportOptions,
  type ImportOutcome,
  importOutcomes,
  type TakenTexts,
  type ImportDependencies,
} from './application/import/import-api-keys.js';
export { type Page } from './application/page.js';

export {
  API_KEY_SORTS,
  API_KEY_STATUSES,
  type ApiKeyChange,
  type ApiKeyCredential,
  type ApiKeyDetails,
  type ApiKeyEnding,
  type ApiKeyFilters,
  type ApiKeyPage,
  type ApiKeyPlace,
  type ApiKeyReference,
  ApiKeyRepository,
  type ApiKeySearch,
  type ApiKeySort,
  type ApiKeyStatus,
  type ClaimedExpiryNotice,
  type DescendantCount,
  type DescendantTerms,
  type EndedApiKeys,
  type EndingEvents,
  type ExpiryNoticeTerms,
  type FoundApiKeys,
  type InsertOutcome,
  type InsertTerms,
  MAX_COUNTED_DESCENDANTS,
  type NewApiKey,
  type NewImportedApiKey,
  type ProofRenewal,
  type Revocation,
  type SecretRotation,
  type SortedPlace,
} from './application/ports/api-key-repository.js';
export { ApiKeyVerifier } from './application/ports/api-key-verifier.js';
export { type AuditEventQuery, AuditLog } from './application/ports/audit-log.js';
export { Clock } from './application/ports/clock.js';
export {
  type ConsoleEvent,
  ConsoleSessions,
  type NewConsoleLink,
  type NewConsoleSession,
  type OpeningTerms,
} from './application/ports/console-sessions.js';
export { IdGenerator } from './application/ports/id-generator.js';
export { ImportedKeys, type StoredImport } from './application/ports/imported-keys.js';
export { JobLeases } from './application/ports/job-leases.js';
export {
  type KeyCount,
  type MemberChange,
  type MemberPage,
  MemberRepository,
  type NewMember,
} from './application/ports/member-repository.js';
export {
  type KeylessOrganization,
  type NewOrganization,
  type OrganizationChange,
  type CountedContents,
  type OrganizationContents,
  type OrganizationPage,
  OrganizationRepository,
} from './application/ports/organization-repository.js';
export {
  type NewOperatorKey,
  type OperatorEventQuery,
  OperatorKeyRepository,
  type OperatorKeyUse,
} from './application/ports/operator-key-repository.js';
export { ProofCache } from './application/ports/proof-cache.js';
export { type QuotaUse, QuotaUses } from './application/ports/quota-uses.js';
export {
  FAILURE_WINDOW_MS,
  type FailureCount,
  RateLimitStore,
  type RateVerdict,
  type RateWindow,
  type RateWindowState,
} from './application/ports/rate-limit-store.js';
export { SecretHasher, type SecretVerdict } from './application/ports/secret-hasher.js';
export {
  type ApiKeyUsage,
  type CountedHour,
  type OrganizationUsage,
  USAGE_OUTCOMES,
  type UsageBucket,
  UsageCounts,
  type UsageGranularity,
  type UsageOutcome,
  type UsageRange,
  type UsageTotals,
} from './application/ports/usage-counts.js';
export { UseObservations } from './application/ports/use-observations.js';

export { type Actor, OPERATOR, operatorNamed } from './domain/actor.js';
export { type ApiKeySecret, lastUseOfCurrent, type SecretVerifiers } from './domain/api-key-secret.js';
export { ApiKey, type ApiKeyFields, isLaterEnd, type KeyCreator } from './domain/api-key.js';
export { AUDIT_EVENT_TYPES, type AuditedValue, type AuditEvent, type AuditEventType } from './domain/audit-event.js';
export { type Caller, isStored, type StoredCaller } from './domain/caller.js';
export {
  type ConsoleHolder,
  type ConsoleLink,
  type ConsoleSession,
  endOfSession,
  LINK_LIFETIME_SECONDS,
  linkUsed,
  MAX_SESSIONS,
} from './domain/console-session.js';
export { IdentityError, type IdentityErrorCode, type RefusalOptions } from './domain/identity-error.js';
export {
  type ImportedApiKey,
  isImportedPepperName,
  isJwt,
  isLegacyKey,
  LOOKUP_PREFIX,
  prefixLookup,
} from './domain/imported-api-key.js';
export {
  environmentOf,
  isKeyPrefix,
  longestKeyPrefix,
  MAX_KEY_PREFIX,
  shortestKeyPrefix,
} from './domain/key-prefix.js';
export { type JsonObject, type JsonValue } from './domain/json-object.js';
export { isLabel, KEY_NOTE_RULES, type KeyNotes, type StoredKeyNotes } from './domain/key-notes.js';
export { KeyGenerator } from './domain/key-generator.js';
export {
  assertQuota,
  assertRateLimit,
  KEY_LIMIT_RULES,
  type Quota,
  type RateLimit,
  spellQuota,
  spellRateLimit,
} from './domain/key-limits.js';
export { acceptsAddress, MAX_NETWORKS } from './domain/key-networks.js';
export { type LastUsedFrom, MAX_USER_AGENT } from './domain/last-used-from.js';
export { type ListedMember, type Member, MEMBER_ROLE, NO_OWNER, OWNER_ROLE } from './domain/member.js';
export { type NestarcKey, parseNestarcKey } from './domain/nestarc-key.js';
export { MAX_OBSERVATION_GAP_MS, type ObservedStretch } from './domain/observed-time.js';
export {
  OPERATOR_ENVIRONMENT,
  OPERATOR_EVENT_TYPES,
  OPERATOR_SCOPES,
  type OperatorEvent,
  type OperatorKey,
  type StoredOperatorKey,
} from './domain/operator-key.js';
export { MAX_POLICY_DAYS, NO_POLICY, type OrganizationPolicy } from './domain/organization-policy.js';
export { assertOrganizationEnabled, type Organization } from './domain/organization.js';
export { RandomSource } from './domain/random-source.js';
export { type CataloguedScope, IDENTITY_SCOPES, ScopeCatalogue } from './domain/scope-catalogue.js';
export { isPermission, isScope, SCOPE_RULES, ScopeGrant } from './domain/scope-grant.js';
export { TokenFormat } from './domain/token-format.js';
export { ImportedToken, Token } from './domain/token.js';
