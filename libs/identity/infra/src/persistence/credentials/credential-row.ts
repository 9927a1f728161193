import type { ApiKeyCredential } from '@feather-identity/core';
import { toApiKey } from '../mappers/api-key.mapper.js';
import { toPolicy } from '../mappers/organization.mapper.js';
import type { TableNames } from '../table-names.js';

const COLUMNS = [
  's.id, s.key_prefix, s.created_at, s.valid_until, s.last_used_at, s.hash, s.proof',
  'k.id, k.key_prefix, k.name, k.scopes, k.unrestricted, k.created_at, k.expires_at, k.disabled_at',
  'k.revoked_at, k.last_used_at',
  'o.id, o.name, o.created_at, o.disabled_at',
  'o.max_key_lifetime_days, o.key_expiry_required, o.key_scopes_required, o.revoke_unused_after_days',
  'm.id, m.external_id, m.email, m.display_name, m.role, m.created_at',
];

/** What the statement answers, in the order of its columns. `I` is what the driver makes of an instant. */
export type CredentialRow<I> = readonly [
  ...secret: [string, string, I, I | null, I | null, string | null, string | null],
  ...apiKey: [string, string, string, string, boolean | number, I, I | null, I | null, I | null, I | null],
  ...organization: [string, string, I, I | null, number | null, boolean | number, boolean | number, number | null],
  ...member: [string, string, string | null, string | null, string, I],
];

/** One read for the whole verdict. The inner joins drop a key whose organization or member is not its own. */
export function credentialStatement(tables: TableNames, condition: '= ?' | '= ANY($1)'): string {
  return (
    `SELECT ${COLUMNS.join(', ')} FROM ${tables.apiKeySecrets} s JOIN ${tables.apiKeys} k ON k.id = s.api_key_id ` +
    `JOIN ${tables.organizations} o ON o.id = k.organization_id ` +
    `JOIN ${tables.members} m ON m.id = k.member_id AND m.organization_id = k.organization_id ` +
    `WHERE s.key_prefix ${condition}`
  );
}

/** The credential of a row. */
export function toCredential<I>(row: CredentialRow<I>, toDate: (instant: I) => Date): ApiKeyCredential {
  const [secretId, secretPrefix, secretCreatedAt, validUntil, secretLastUsedAt, hash, proof, ...rest] = row;
  const [apiKeyId, keyPrefix, name, scopes, unrestricted, createdAt, expiresAt, disabledAt, ...others] = rest;
  const [revokedAt, lastUsedAt, organizationId, organizationName, foundedAt, closedAt, ...owner] = others;
  const [maxKeyLifetimeDays, keyExpiryRequired, keyScopesRequired, revokeUnusedAfterDays, ...member] = owner;
  const [memberId, externalId, email, displayName, role, joinedAt] = member;
  const optional = (instant: I | null) => (instant === null ? null : toDate(instant));
  return {
    secret: {
      id: secretId,
      apiKeyId,
      keyPrefix: secretPrefix,
      createdAt: toDate(secretCreatedAt),
      validUntil: optional(validUntil),
      lastUsedAt: optional(secretLastUsedAt),
      hash,
      proof,
    },
    apiKey: toApiKey({
      id: apiKeyId,
      organizationId,
      memberId,
      name,
      keyPrefix,
      scopes,
      unrestricted: Boolean(unrestricted),
      createdAt: toDate(createdAt),
      expiresAt: optional(expiresAt),
      disabledAt: optional(disabledAt),
      revokedAt: optional(revokedAt),
      lastUsedAt: optional(lastUsedAt),
    }),
    organization: {
      id: organizationId,
      name: organizationName,
      createdAt: toDate(foundedAt),
      disabledAt: optional(closedAt),
      policy: toPolicy({
        maxKeyLifetimeDays,
        keyExpiryRequired: Boolean(keyExpiryRequired),
        keyScopesRequired: Boolean(keyScopesRequired),
        revokeUnusedAfterDays,
      }),
    },
    member: { id: memberId, organizationId, externalId, email, displayName, role, createdAt: toDate(joinedAt) },
  };
}
