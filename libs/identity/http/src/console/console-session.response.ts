import { type ActiveConsoleSession, endOfSession } from '@feather-identity/core';
import { formatInstant } from '../instant.js';

/** A session of the console and whom it acts for. */
export interface ConsoleSessionResponse {
  readonly id: string;
  readonly kind: 'tenant' | 'operator';
  /** What it may do now; empty where it may do everything. */
  readonly scopes: readonly string[];
  readonly unrestricted: boolean;
  /** Null for an operator. */
  readonly organization: { readonly id: string; readonly name: string } | null;
  /** The key of the organization or of the operator; null for the operator without a key. */
  readonly api_key: { readonly id: string; readonly name: string; readonly key_prefix: string } | null;
  readonly created_at: string;
  readonly last_seen_at: string;
  /** When it ends if it is not used again. */
  readonly expires_at: string;
}

/** The response for a session, field by field. */
export function toConsoleSessionResponse({ session, identity }: ActiveConsoleSession): ConsoleSessionResponse {
  const isTenant = identity.kind === 'tenant';
  const key = isTenant ? identity.caller.apiKey : identity.operator.operatorKey;
  const { scopes, unrestricted } = isTenant ? identity.caller.apiKey.grant : identity.operator.grant;
  const organization = isTenant ? identity.caller.organization : null;
  return {
    id: session.id,
    kind: identity.kind,
    scopes,
    unrestricted,
    organization: organization && { id: organization.id, name: organization.name },
    api_key: key && { id: key.id, name: key.name, key_prefix: key.keyPrefix },
    created_at: formatInstant(session.createdAt),
    last_seen_at: formatInstant(session.lastSeenAt),
    expires_at: formatInstant(endOfSession(session)),
  };
}
