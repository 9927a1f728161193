import type { StoredCaller } from '../../domain/caller.js';
import type { ConsoleHolder } from '../../domain/console-session.js';
import { isOperatorKeyActive } from '../../domain/operator-key.js';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { type OperatorCaller, operatorCallerOf } from '../operators/verify-operator-key.js';
import type { ApiKeyRepository } from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';
import type { OperatorKeyRepository } from '../ports/operator-key-repository.js';
import { isUsable } from '../verification/verify-api-key.js';

/** Whom a session of the console acts for, as it is at this moment. */
export type ConsoleIdentity =
  | { readonly kind: 'tenant'; readonly caller: StoredCaller }
  | { readonly kind: 'operator'; readonly operator: OperatorCaller };

/** Looks up the holders of sessions and links. */
export class ConsoleHolders {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly operatorKeys: OperatorKeyRepository,
    private readonly clock: Clock,
  ) {}

  /** The holder with all that it may do now; null if its key is not accepted any more. */
  async find(holder: ConsoleHolder): Promise<ConsoleIdentity | null> {
    if (holder.kind === 'operator') {
      const { name } = holder;
      return { kind: 'operator', operator: { name, grant: ScopeGrant.unrestricted(), operatorKey: null } };
    }
    const found = await (holder.kind === 'api_key'
      ? this.findApiKey(holder.keyPrefix)
      : this.findOperatorKey(holder.keyPrefix));
    return found?.holder.apiKeyId === holder.apiKeyId ? found.identity : null;
  }

  /** The holder that an accepted secret of an organization's key makes; null if there is none with this public part. */
  async findApiKey(keyPrefix: string) {
    const credential = await this.apiKeys.findCredential(keyPrefix);
    if (credential === null || !isUsable(credential, this.clock.now())) return null;
    const { organization, member, apiKey } = credential;
    const holder = { kind: 'api_key', apiKeyId: apiKey.id, keyPrefix } as const;
    return { holder, identity: { kind: 'tenant', caller: { organization, member, apiKey } } } as const;
  }

  /** The same of an operator key. */
  async findOperatorKey(keyPrefix: string) {
    const operatorKey = (await this.operatorKeys.find(keyPrefix))?.operatorKey;
    if (operatorKey === undefined || !isOperatorKeyActive(operatorKey, this.clock.now())) return null;
    const holder = { kind: 'operator_key', apiKeyId: operatorKey.id, keyPrefix } as const;
    return { holder, identity: { kind: 'operator', operator: operatorCallerOf(operatorKey) } } as const;
  }
}

/** What an identity may do. */
export function grantOf(identity: ConsoleIdentity): ScopeGrant {
  return identity.kind === 'tenant' ? identity.caller.apiKey.grant : identity.operator.grant;
}
