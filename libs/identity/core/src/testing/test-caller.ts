import type { Caller } from '../domain/caller.js';
import { ScopeGrant } from '../domain/scope-grant.js';
import { aKeyPrefix, anId } from './builders.js';

/** What a test wants to be particular about its caller. */
export interface TestCallerFields {
  /** What its key may do, as a key is given it: `resource:action`, `resource:*` or `*`. */
  readonly scopes?: readonly string[];
  readonly organization?: Partial<Caller['organization']>;
  readonly member?: Partial<Omit<Caller['member'], 'organizationId'>>;
  readonly apiKey?: Partial<
    Pick<
      Caller['apiKey'],
      'id' | 'name' | 'metadata' | 'environment' | 'expiresAt' | 'rateLimit' | 'quota' | 'allowedNetworks'
    >
  >;
}

/**
 * A caller as a handler gets it, of an organization that no other one has unless it is given. Without `scopes` its key is
 * unrestricted, with `[]` it may do nothing. Throws `api_key.scope_invalid` for a scope that no key can be given.
 */
export function testCaller({ scopes, organization, member, apiKey }: TestCallerFields = {}): Caller {
  const { id: organizationId, name } = { id: anId(), name: 'Acme', ...organization };
  const memberId = member?.id ?? anId();
  return {
    organization: { id: organizationId, name },
    member: {
      externalId: `user-${memberId}`,
      email: 'ada@example.com',
      displayName: 'Ada Lovelace',
      role: 'org:member',
      ...member,
      id: memberId,
      organizationId,
    },
    apiKey: {
      id: anId(),
      name: 'CI',
      metadata: null,
      expiresAt: null,
      environment: 'test',
      rateLimit: null,
      quota: null,
      allowedNetworks: null,
      ...apiKey,
      keyPrefix: aKeyPrefix(apiKey?.environment ?? 'test'),
      organizationId,
      memberId,
      grant: scopes === undefined ? ScopeGrant.unrestricted() : ScopeGrant.requested(scopes),
    },
  };
}
