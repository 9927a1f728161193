import type { SecretVerifiers } from './api-key-secret.js';
import type { AuditEvent } from './audit-event.js';
import { IdentityError } from './identity-error.js';
import { ScopeGrant } from './scope-grant.js';
import { TokenFormat } from './token-format.js';

/** The environment in the tokens of operator keys, as in `fth_operator_...`. No key of an organization has it. */
export const OPERATOR_ENVIRONMENT = 'operator';

/** Everything that an operator key may be allowed. Wildcards stand for several of them. */
export const OPERATOR_SCOPES = [
  'organizations:read',
  'organizations:manage',
  'members:read',
  'members:manage',
  'api_keys:read',
  'api_keys:manage',
  'api_keys:verify',
  'audit:read',
  'usage:read',
] as const;

/** A key of the operator of the installation. It belongs to no organization, and is made on the command line alone. */
export interface OperatorKey {
  /** UUIDv7. */
  readonly id: string;
  readonly name: string;
  /** Public part of its token; unique. */
  readonly keyPrefix: string;
  readonly grant: ScopeGrant;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** Whether an operator key is accepted at this instant. */
export function isOperatorKeyActive({ revokedAt, expiresAt }: OperatorKey, at: Date): boolean {
  return revokedAt === null && (expiresAt === null || at < expiresAt);
}

/** An operator key with what verifies its token. */
export interface StoredOperatorKey extends SecretVerifiers {
  readonly operatorKey: OperatorKey;
}

/** The types of events of the installation itself. */
export const OPERATOR_EVENT_TYPES = [
  'operator_key.created',
  'operator_key.revoked',
  'console_link.created',
  'console_session.opened',
  'console_session.ended',
] as const;

/**
 * An event that belongs to no organization. `apiKeyId` and `keyPrefix` are those of the operator key that it is about; null
 * for the operator's own links and sessions of the console.
 */
export interface OperatorEvent extends Omit<AuditEvent, 'organizationId' | 'type'> {
  readonly type: (typeof OPERATOR_EVENT_TYPES)[number];
}

/** How the tokens of operator keys are spelled in an installation. */
export function operatorTokenFormat({ namespace }: TokenFormat): TokenFormat {
  return new TokenFormat(namespace, OPERATOR_ENVIRONMENT);
}

/** Throws `token.format_invalid` if the keys of organizations would look like those of operators. */
export function assertNoOperatorFormat({ environments }: TokenFormat): void {
  if (!environments.includes(OPERATOR_ENVIRONMENT)) return;
  throw new IdentityError(
    'token.format_invalid',
    `The environment "${OPERATOR_ENVIRONMENT}" is that of operator keys: take another one.`,
  );
}

/**
 * The grant of an operator key that is asked for.
 *
 * @param scopes - each allows at least one of `OPERATOR_SCOPES`; null for everything
 * @throws IdentityError `api_key.scope_invalid`: a misspelled scope would silently allow nothing
 */
export function operatorGrant(scopes: readonly string[] | null): ScopeGrant {
  if (scopes === null) return ScopeGrant.unrestricted();
  const grant = ScopeGrant.requested(scopes);
  const unknown = scopes.find((scope) => !OPERATOR_SCOPES.some((known) => ScopeGrant.of([scope]).covers(known)));
  if (unknown === undefined && scopes.length > 0) return grant;
  const which =
    unknown === undefined ? 'An operator key needs a scope.' : `No operator key has the scope "${unknown}".`;
  throw new IdentityError('api_key.scope_invalid', `${which} There are ${OPERATOR_SCOPES.join(', ')}, and wildcards.`);
}
