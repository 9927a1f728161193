export { Identity, type IdentityPorts, type IdentitySettings } from './application/identity.js';

export {
  type ApiKeyDraft,
  type ApiKeyFactory,
  type ApiKeyTerms,
  type SecretDraft,
} from './application/keys/api-key-factory.js';
export { EndApiKeys, MAX_ENDED_KEYS } from './application/keys/end-api-keys.js';
export { FindApiKey } from './application/keys/find-api-key.js';
export { type Grantor, grantorOf, operatorGrantor, type RequestOrigin } from './application/keys/grantor.js';
export { IssueApiKey, type IssueApiKeyRequest } from './application/keys/issue-api-key.js';
export { IssueOwnerKey } from './application/keys/issue-owner-key.js';
export { type ApiKeyList, ListApiKeys, type ListApiKeysRequest } from './application/keys/list-api-keys.js';
export { RevokeApiKey } from './application/keys/revoke-api-key.js';
export {
  RevokeUnusedApiKeys,
  type RevokeUnusedDependencies,
  type UnusedApiKeys,
} from './application/keys/revoke-unused-api-keys.js';
export { RotateApiKey, type RotatedApiKey } from './application/keys/rotate-api-key.js';
export { TraceApiKey, type TraceDependencies, type TracedApiKey } from './application/keys/trace-api-key.js';
export { type ApiKeyUpdate, UpdateApiKey } from './application/keys/update-api-key.js';

export { assertPermissionNames, assertScopes } from './application/verification/assert-scopes.js';
export { CheckApiKey, type CheckedApiKey, type CheckFailure } from './application/verification/check-api-key.js';
export {
  type VerificationDependencies,
  VerificationMetrics,
  VerifyApiKey,
} from './application/verification/verify-api-key.js';
export { type SingleFlightVerifier } from './application/verification/single-flight-verifier.js';
export { WriteBehind, type WriteBehindDependencies } from './application/verification/write-behind.js';

export { AdoptBootstrapKey, type BootstrapKeyState } from './application/organizations/adopt-bootstrap-key.js';
export { BootstrapOrganization } from './application/organizations/bootstrap-organization.js';
export { ChangePolicy } from './application/organizations/change-policy.js';
export { CreateOrganization } from './application/organizations/create-organization.js';
export { ListOrganizations } from './application/organizations/list-organizations.js';
export { type OrganizationDraft, type OrganizationFactory } from './application/organizations/organization-factory.js';
export { type OrganizationUpdate, UpdateOrganization } from './application/organizations/update-organization.js';

export { type AuditedSubject, type AuditEvents } from './application/audit/audit-events.js';
export { ListAuditEvents, type ListAuditEventsRequest } from './application/audit/list-audit-events.js';
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
  type EndedApiKeys,
  type FoundApiKeys,
  type InsertOutcome,
  type InsertTerms,
  type NewApiKey,
  type NewImportedApiKey,
  type ProofRenewal,
  type SecretRotation,
  type SortedPlace,
} from './application/ports/api-key-repository.js';
export { ApiKeyVerifier } from './application/ports/api-key-verifier.js';
export { type AuditEventQuery, AuditLog } from './application/ports/audit-log.js';
export { Clock } from './application/ports/clock.js';
export { IdGenerator } from './application/ports/id-generator.js';
export { ImportedKeys, type StoredImport } from './application/ports/imported-keys.js';
export { JobLeases } from './application/ports/job-leases.js';
export {
  type NewOrganization,
  type OrganizationChange,
  OrganizationRepository,
} from './application/ports/organization-repository.js';
export { ProofCache } from './application/ports/proof-cache.js';
export { SecretHasher, type SecretVerdict } from './application/ports/secret-hasher.js';
export { UseObservations } from './application/ports/use-observations.js';

export { type Actor, OPERATOR, operatorNamed } from './domain/actor.js';
export { type ApiKeySecret, type SecretVerifiers } from './domain/api-key-secret.js';
export { ApiKey, type ApiKeyFields, type KeyCreator } from './domain/api-key.js';
export { AUDIT_EVENT_TYPES, type AuditedValue, type AuditEvent, type AuditEventType } from './domain/audit-event.js';
export { type Caller, isStored, type StoredCaller } from './domain/caller.js';
export { IdentityError, type IdentityErrorCode, type RefusalOptions } from './domain/identity-error.js';
export {
  type ImportedApiKey,
  isImportedPepperName,
  isLegacyKey,
  LOOKUP_PREFIX,
  prefixLookup,
} from './domain/imported-api-key.js';
export { isKeyPrefix, longestKeyPrefix, MAX_KEY_PREFIX } from './domain/key-prefix.js';
export { type JsonObject, type JsonValue } from './domain/json-object.js';
export { isLabel, KEY_NOTE_RULES, type KeyNotes, type StoredKeyNotes } from './domain/key-notes.js';
export { KeyGenerator } from './domain/key-generator.js';
export { type Quota, type RateLimit } from './domain/key-limits.js';
export { type Member, OWNER_ROLE } from './domain/member.js';
export { type NestarcKey, parseNestarcKey } from './domain/nestarc-key.js';
export { MAX_OBSERVATION_GAP_MS, type ObservedStretch } from './domain/observed-time.js';
export { NO_POLICY, type OrganizationPolicy } from './domain/organization-policy.js';
export { type Organization } from './domain/organization.js';
export { RandomSource } from './domain/random-source.js';
export { type CataloguedScope, IDENTITY_SCOPES, ScopeCatalogue } from './domain/scope-catalogue.js';
export { isPermission, isScope, SCOPE_RULES, ScopeGrant } from './domain/scope-grant.js';
export { TokenFormat } from './domain/token-format.js';
export { ImportedToken, Token } from './domain/token.js';
