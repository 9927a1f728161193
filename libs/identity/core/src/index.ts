export { AdoptBootstrapKey, type BootstrapKeyState } from './application/organizations/adopt-bootstrap-key.js';
export {
  type ApiKeyDraft,
  ApiKeyFactory,
  type ApiKeyTerms,
  type SecretDraft,
} from './application/keys/api-key-factory.js';
export { type AuditedSubject, AuditEvents } from './application/audit/audit-events.js';
export { type Grantor, grantorOf, type RequestOrigin } from './application/keys/grantor.js';
export { BootstrapOrganization } from './application/organizations/bootstrap-organization.js';
export { ChangePolicy } from './application/organizations/change-policy.js';
export { CheckApiKey, type CheckedApiKey, type CheckFailure } from './application/verification/check-api-key.js';
export { CreateOrganization } from './application/organizations/create-organization.js';
export { assertPermissionNames, assertScopes } from './application/verification/assert-scopes.js';
export { EscalationWatch } from './application/audit/escalation-watch.js';
export { FindApiKey } from './application/keys/find-api-key.js';
export { ImportApiKeys, type ImportOutcome, type ImportParts } from './application/import/import-api-keys.js';
export { importOutcomes, type TakenTexts } from './application/import/import-outcomes.js';
export { IssueApiKey, type IssueApiKeyRequest } from './application/keys/issue-api-key.js';
export { IssueOwnerKey } from './application/keys/issue-owner-key.js';
export { LastUsedRecorder } from './application/verification/last-used-recorder.js';
export { type ApiKeyList, ListApiKeys, type ListApiKeysRequest, type Page } from './application/keys/list-api-keys.js';
export { ListAuditEvents, type ListAuditEventsRequest } from './application/audit/list-audit-events.js';
export { ListOrganizations } from './application/organizations/list-organizations.js';
export { type OrganizationDraft, OrganizationFactory } from './application/organizations/organization-factory.js';
export {
  type ApiKeyChange,
  type ApiKeyCredential,
  type ApiKeyDetails,
  type ApiKeyPage,
  type ApiKeyPlace,
  ApiKeyRepository,
  type InsertOutcome,
  type InsertTerms,
  type NewApiKey,
  type NewImportedApiKey,
  type ProofRenewal,
  type SecretRotation,
} from './application/ports/api-key-repository.js';
export { ApiKeyVerifier } from './application/ports/api-key-verifier.js';
export { type AuditEventQuery, AuditLog } from './application/ports/audit-log.js';
export { Clock } from './application/ports/clock.js';
export { IdGenerator } from './application/ports/id-generator.js';
export { ImportedKeys, type StoredImport } from './application/ports/imported-keys.js';
export { UseObservations } from './application/ports/use-observations.js';
export { ObserveUses } from './application/keys/observe-uses.js';
export { JobLeases } from './application/ports/job-leases.js';
export {
  type NewOrganization,
  OrganizationRepository,
  type PolicyChange,
} from './application/ports/organization-repository.js';
export { ProofCache } from './application/ports/proof-cache.js';
export { SecretHasher, type SecretVerdict } from './application/ports/secret-hasher.js';
export { ProofRenewer } from './application/verification/proof-renewer.js';
export { RevokeApiKey } from './application/keys/revoke-api-key.js';
export {
  RevokeUnusedApiKeys,
  type RevokeUnusedParts,
  type UnusedApiKeys,
} from './application/keys/revoke-unused-api-keys.js';
export { type RotatedApiKey, RotateApiKey } from './application/keys/rotate-api-key.js';
export { SingleFlightVerifier } from './application/verification/single-flight-verifier.js';
export { type ApiKeyUpdate, UpdateApiKey } from './application/keys/update-api-key.js';
export { VerificationMetrics } from './application/verification/verification-metrics.js';
export { type VerificationParts, VerifyApiKey } from './application/verification/verify-api-key.js';
export { type Actor, OPERATOR } from './domain/actor.js';
export { type ApiKeySecret, type SecretVerifiers } from './domain/api-key-secret.js';
export { ApiKey, type ApiKeyFields } from './domain/api-key.js';
export { AUDIT_EVENT_TYPES, type AuditedValue, type AuditEvent, type AuditEventType } from './domain/audit-event.js';
export { type Caller, isStored, type StoredCaller } from './domain/caller.js';
export { IdentityError, type IdentityErrorCode, type RefusalOptions } from './domain/identity-error.js';
export {
  type ImportedApiKey,
  isLegacyKey,
  isImportedPepperName,
  LOOKUP_PREFIX,
  prefixLookup,
} from './domain/imported-api-key.js';
export { KeyGenerator } from './domain/key-generator.js';
export { type Member, OWNER_ROLE } from './domain/member.js';
export { type NestarcKey, parseNestarcKey } from './domain/nestarc-key.js';
export { MAX_OBSERVATION_GAP_MS, type ObservedStretch } from './domain/observed-time.js';
export { NO_POLICY, type OrganizationPolicy } from './domain/organization-policy.js';
export { type Organization } from './domain/organization.js';
export { RandomSource } from './domain/random-source.js';
export { isPermission, isScope, ScopeGrant } from './domain/scope-grant.js';
export { TokenFormat } from './domain/token-format.js';
export { ImportedToken, Token } from './domain/token.js';
