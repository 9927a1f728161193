import { isIP } from 'node:net';
import type { ApiKey } from '../../domain/api-key.js';
import { acceptsAddress } from '../../domain/key-networks.js';
import type { StoredCaller } from '../../domain/caller.js';
import type { Member } from '../../domain/member.js';
import type { Organization } from '../../domain/organization.js';
import { assertPermissionNames } from './assert-scopes.js';
import type { RequestOrigin } from '../keys/grantor.js';
import type { Clock } from '../ports/clock.js';
import type { AddressRefusals } from './address-refusals.js';
import type { VerifyApiKey } from './verify-api-key.js';

/**
 * Why a key is refused. `not_found` also stands for a key of another organization; `rotated` for a token whose grace
 * period is over.
 */
export type CheckFailure =
  | 'not_found'
  | 'revoked'
  | 'disabled'
  | 'expired'
  | 'rotated'
  | 'address_not_allowed'
  | 'insufficient_scope';

/** The verdict on a key that a client has shown to a service. */
export type CheckedApiKey =
  | {
      readonly valid: true;
      readonly caller: StoredCaller;
      /** When the token stops being accepted by itself: the end of its key, or of its secret's grace period. */
      readonly validUntil: Date | null;
    }
  | { readonly valid: false; readonly reason: 'not_found' }
  | {
      readonly valid: false;
      readonly reason: Exclude<CheckFailure, 'not_found'>;
      readonly apiKey: ApiKey;
      readonly missingScopes: readonly string[];
    };

/** Where a client sent a key from. */
export interface ShownFrom {
  /** IP address of the client; null if it is unknown, which is in no network. */
  readonly address: string | null;
  /** Whether the service itself checks the networks that it is told of. */
  readonly isCheckedElsewhere: boolean;
  /** Of the service's request, for the audit log. */
  readonly requestId: string | null;
}

const NOWHERE: ShownFrom = { address: null, isCheckedElsewhere: false, requestId: null };

/** Checks a key for a service to which a client has shown it: one of the same organization, or the operator's. */
export class CheckApiKey {
  constructor(
    private readonly verifyApiKey: VerifyApiKey,
    private readonly clock: Clock,
    private readonly addressRefusals: AddressRefusals,
  ) {}

  /**
   * Reveals nothing about keys of other organizations, nor about one whose secret is wrong.
   *
   * @param organizationId - the organization of the service that asks; null for the operator's, which serves all of
   * them
   * @param plainText - the key that the client sent
   * @param scopes - the scopes that the key must hold; none for any key
   * @param signal - aborts when the service leaves: no hash is begun for it
   * @param from - from where it was shown: a key that has networks is refused from elsewhere. Default: unknown, which
   * is in no network
   * @throws IdentityError `api_key.scope_invalid`: a text in `scopes` names no permission
   * @throws IdentityError `hashing.overloaded` or `storage.unavailable`: there is no verdict, try again later
   */
  async execute(
    organizationId: string | null,
    plainText: string,
    scopes: readonly string[],
    signal?: AbortSignal,
    from: ShownFrom = NOWHERE,
  ): Promise<CheckedApiKey> {
    // What is no address may be long, and is none that the audit log could keep.
    const address = from.address !== null && isIP(from.address) !== 0 ? from.address : null;
    assertPermissionNames(scopes);
    const credential = await this.verifyApiKey.prove(organizationId, plainText, signal);
    if (credential === null) return { valid: false, reason: 'not_found' };
    const { organization, member, apiKey, secret } = credential;
    const now = this.clock.now();
    const inactive = apiKey.inactiveReason(now) ?? (isEnabled(organization, member) ? null : 'disabled');
    if (inactive !== null) {
      this.verifyApiKey.recordOutcome(credential, 'refusedState');
      return { valid: false, reason: inactive, apiKey, missingScopes: [] };
    }
    if (secret.validUntil !== null && now >= secret.validUntil) {
      this.verifyApiKey.recordOutcome(credential, 'refusedState');
      return { valid: false, reason: 'rotated', apiKey, missingScopes: [] };
    }
    if (!from.isCheckedElsewhere && !acceptsAddress(apiKey.allowedNetworks, address)) {
      const origin: RequestOrigin = { requestId: from.requestId, sourceAddress: address };
      this.addressRefusals.record({ apiKey }, origin);
      this.verifyApiKey.recordOutcome(credential, 'refusedAddress');
      return { valid: false, reason: 'address_not_allowed', apiKey, missingScopes: [] };
    }
    const missingScopes = apiKey.grant.missing(scopes);
    if (missingScopes.length > 0) {
      this.verifyApiKey.recordOutcome(credential, 'refusedScope');
      return { valid: false, reason: 'insufficient_scope', apiKey, missingScopes };
    }
    this.verifyApiKey.recordUse(credential, now);
    this.verifyApiKey.recordOutcome(credential, 'accepted', { address });
    const validUntil = earlier(apiKey.expiresAt, secret.validUntil);
    return { valid: true, caller: { organization, member, apiKey }, validUntil };
  }
}

/** The organization of a service that asks is enabled. */
function isEnabled(organization: Organization, member: Member): boolean {
  return organization.disabledAt === null && member.disabledAt === null;
}

function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}
