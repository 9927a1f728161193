import type { ApiKey } from './api-key.js';
import type { Member } from './member.js';
import type { Organization } from './organization.js';

/**
 * What authentication yields: who is calling, for which organization, with which key. No more than a service tells of
 * them, so that a handler finds the same whether keys are looked up here or asked for elsewhere.
 */
export interface Caller {
  readonly organization: Pick<Organization, 'id' | 'name'>;
  readonly member: Omit<Member, 'createdAt'>;
  readonly apiKey: Pick<ApiKey, 'id' | 'organizationId' | 'memberId' | 'name' | 'keyPrefix' | 'grant' | 'expiresAt'>;
}

/** A caller whom this process has found in a store of its own, with everything that is stored. */
export interface StoredCaller extends Caller {
  readonly organization: Organization;
  readonly member: Member;
  readonly apiKey: ApiKey;
}

/** Whether everything that is stored is known of this caller. */
export function isStored(caller: Caller): caller is StoredCaller {
  return 'policy' in caller.organization;
}
