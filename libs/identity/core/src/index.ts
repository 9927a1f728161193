export { AdoptBootstrapKey } from './application/adopt-bootstrap-key.js';
export { ApiKeyMinter } from './application/api-key-minter.js';
export { BootstrapOrganization } from './application/bootstrap-organization.js';
export { CreateOrganization } from './application/create-organization.js';
export { IssueApiKey, type IssueApiKeyRequest, type Issuer } from './application/issue-api-key.js';
export { IssueOwnerKey } from './application/issue-owner-key.js';
export { LastUsedRecorder } from './application/last-used-recorder.js';
export { ListApiKeys } from './application/list-api-keys.js';
export { ListOrganizations } from './application/list-organizations.js';
export { OrganizationFounder } from './application/organization-founder.js';
export {
  type ApiKeyCredential,
  ApiKeyRepository,
  type NewApiKey,
  type ProofRenewal,
} from './application/ports/api-key-repository.js';
export { Clock } from './application/ports/clock.js';
export { IdGenerator } from './application/ports/id-generator.js';
export { type NewOrganization, OrganizationRepository } from './application/ports/organization-repository.js';
export { ProofCache } from './application/ports/proof-cache.js';
export { SecretHasher, type SecretVerdict } from './application/ports/secret-hasher.js';
export { ProofRenewer } from './application/proof-renewer.js';
export { RevokeApiKey } from './application/revoke-api-key.js';
export { SecretChecks } from './application/secret-checks.js';
export { VerificationTally } from './application/verification-tally.js';
export { VerifyApiKey } from './application/verify-api-key.js';
export { type ApiKeySecret, type SecretVerifiers } from './domain/api-key-secret.js';
export { ApiKey } from './domain/api-key.js';
export { type Caller } from './domain/caller.js';
export { IdentityError, type IdentityErrorCode } from './domain/identity-error.js';
export { KeyGenerator } from './domain/key-generator.js';
export { type Member, OWNER_ROLE } from './domain/member.js';
export { type Organization } from './domain/organization.js';
export { RandomSource } from './domain/random-source.js';
export { ScopeGrant } from './domain/scope-grant.js';
export { TokenFormat } from './domain/token-format.js';
export { Token } from './domain/token.js';
