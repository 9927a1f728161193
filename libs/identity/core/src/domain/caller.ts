import type { ApiKey } from './api-key.js';
import type { Member } from './member.js';
import type { Organization } from './organization.js';

/**
 * The result of authentication: who is calling, for which organization, and with which key. A handler gets the same fields
 * whether the keys are in its own database or in a service that it asks.
 */
export interface Caller {
  readonly organization: Pick<Organization, 'id' | 'name'>;
  readonly member: Omit<Member, 'createdAt' | 'disabledAt'>;
  /** Its limits and networks are what the guard goes by; a verifier of the application's own may leave them out. */
  readonly apiKey: Pick<
    ApiKey,
    'id' | 'organizationId' | 'memberId' | 'name' | 'metadata' | 'keyPrefix' | 'environment' | 'grant' | 'expiresAt'
  > &
    Partial<Pick<ApiKey, 'rateLimit' | 'quota' | 'allowedNetworks'>>;
}

/** A caller that was found in the store of this process, with every stored field. */
export interface StoredCaller extends Caller {
  readonly organization: Organization;
  readonly member: Member;
  /** Of a request by a session of the console: with the scopes that the session has. */
  readonly apiKey: ApiKey;
  /** The session of the console that the request came by, and its key as it is stored. */
  readonly session?: { readonly id: string; readonly apiKey: ApiKey } | undefined;
}

/** Whether this caller was found in the store of this process. */
export function isStored(caller: Caller): caller is StoredCaller {
  return 'policy' in caller.organization;
}
