export { AdoptBootstrapKey } from './application/adopt-bootstrap-key.js';
export { ApiKeyMinter } from './application/api-key-minter.js';
export { AuditEvents } from './application/audit-events.js';
export { type Authority, authorityOf, type RequestOrigin } from './application/authority.js';
export { BootstrapOrganization } from './application/bootstrap-organization.js';
export { ChangePolicy } from './application/change-policy.js';
export { CheckApiKey, type CheckedApiKey, type CheckFailure } from './application/check-api-key.js';
export { CreateOrganization } from './application/create-organization.js';
export { demandPermissionNames, demandScopes } from './application/demand-scopes.js';
export { EscalationWatch } from './application/escalation-watch.js';
export { FindApiKey } from './application/find-api-key.js';
export { ImportApiKeys, type ImportOutcome } from './application/import-api-keys.js';
export { importOutcomes, type TakenTexts } from './application/import-outcomes.js';
export { IssueApiKey, type IssueApiKeyRequest } from './application/issue-api-key.js';
export { IssueOwnerKey } from './application/issue-owner-key.js';
export { LastUsedRecorder } from './application/last-used-recorder.js';
export { type ApiKeyList, ListApiKeys, type Page } from './application/list-api-keys.js';
export { ListAuditEvents } from './application/list-audit-events.js';
export { ListOrganizations } from './application/list-organizations.js';
export { OrganizationFounder } from './application/organization-founder.js';
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
export { ObserveUses } from './application/observe-uses.js';
export { JobLeases } from './application/ports/job-leases.js';
export {
  type NewOrganization,
  OrganizationRepository,
  type PolicyChange,
} from './application/ports/organization-repository.js';
export { ProofCache } from './application/ports/proof-cache.js';
export { SecretHasher, type SecretVerdict } from './application/ports/secret-hasher.js';
export { ProofRenewer } from './application/proof-renewer.js';
export { RevokeApiKey } from './application/revoke-api-key.js';
export { RevokeUnusedApiKeys, type UnusedApiKeys } from './application/revoke-unused-api-keys.js';
export { RotateApiKey } from './application/rotate-api-key.js';
export { SecretChecks } from './application/secret-checks.js';
export { UpdateApiKey } from './application/update-api-key.js';
export { VerificationTally } from './application/verification-tally.js';
export { VerifyApiKey } from './application/verify-api-key.js';
export { type Actor, OPERATOR } from './domain/actor.js';
export { type ApiKeySecret, type SecretVerifiers } from './domain/api-key-secret.js';
export { ApiKey } from './domain/api-key.js';
export { AUDIT_EVENT_TYPES, type AuditedValue, type AuditEvent, type AuditEventType } from './domain/audit-event.js';
export { type Caller, isStored, type StoredCaller } from './domain/caller.js';
export { IdentityError, type IdentityErrorCode } from './domain/identity-error.js';
export {
  type ImportedApiKey,
  isForeignKey,
  isForeignPepperName,
  LOOKUP_PREFIX,
  prefixLookup,
} from './domain/imported-api-key.js';
export { KeyGenerator } from './domain/key-generator.js';
export { type Member, OWNER_ROLE } from './domain/member.js';
export { parseNestarcKey } from './domain/nestarc-key.js';
export { MAX_OBSERVATION_GAP_MS, type ObservedStretch } from './domain/observed-time.js';
export { NO_POLICY, type OrganizationPolicy } from './domain/organization-policy.js';
export { type Organization } from './domain/organization.js';
export { RandomSource } from './domain/random-source.js';
export { isPermission, isScope, ScopeGrant } from './domain/scope-grant.js';
export { TokenFormat } from './domain/token-format.js';
export { ImportedToken, Token } from './domain/token.js';
