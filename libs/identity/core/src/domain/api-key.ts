import { frozen, type JsonObject } from './json-object.js';
import type { RateLimit, Quota } from './key-limits.js';
import { environmentOf } from './key-prefix.js';
import type { LastUsedFrom } from './last-used-from.js';
import type { ScopeGrant } from './scope-grant.js';

/** Who made a key. */
export interface KeyCreator {
  /** A key through the API, a member through the host application, the operator, or the service by itself. */
  readonly type: 'api_key' | 'member' | 'operator' | 'system';
  /** The id of the key or member; null for the others. */
  readonly id: string | null;
}

/** What an `ApiKey` is made of. */
export type ApiKeyFields = Pick<
  ApiKey,
  | 'id'
  | 'organizationId'
  | 'memberId'
  | 'name'
  | 'description'
  | 'labels'
  | 'metadata'
  | 'keyPrefix'
  | 'grant'
  | 'rateLimit'
  | 'quota'
  | 'allowedNetworks'
  | 'createdAt'
  | 'createdBy'
  | 'expiresAt'
  | 'disabledAt'
  | 'revokedAt'
  | 'lastUsedAt'
> &
  Partial<Pick<ApiKey, 'lastUsedFrom'>>;

/** A key and what it may do. Its verifiers are in `ApiKeySecret`, since a rotation gives a key several. */
export class ApiKey {
  /** UUIDv7. */
  readonly id: string;
  readonly organizationId: string;
  readonly memberId: string;
  readonly name: string;
  /** What the key is for, in words; null for none. */
  readonly description: string | null;
  /** What lists are filtered by. */
  readonly labels: readonly string[];
  /** Data of the host application about the key; null for none. */
  readonly metadata: JsonObject | null;
  /** Public part of the current secret; unique. */
  readonly keyPrefix: string;
  readonly grant: ScopeGrant;
  /** Null for no limit of this key's own. */
  readonly rateLimit: RateLimit | null;
  /** Null for no limit of this key's own. */
  readonly quota: Quota | null;
  /** The networks (CIDR) from which the key is accepted; null for all. */
  readonly allowedNetworks: readonly string[] | null;
  readonly createdAt: Date;
  /** Null for a key that was made before this was recorded. */
  readonly createdBy: KeyCreator | null;
  readonly expiresAt: Date | null;
  /** Since when it is disabled; null while it is enabled. */
  readonly disabledAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  /** Null while it was never used, and where it is not kept. */
  readonly lastUsedFrom: LastUsedFrom | null;

  constructor(fields: ApiKeyFields) {
    this.id = fields.id;
    this.organizationId = fields.organizationId;
    this.memberId = fields.memberId;
    this.name = fields.name;
    this.description = fields.description;
    this.labels = fields.labels;
    // A key is shared between requests: no handler may change what others read.
    this.metadata = frozen(fields.metadata);
    this.keyPrefix = fields.keyPrefix;
    this.grant = fields.grant;
    this.rateLimit = fields.rateLimit;
    this.quota = fields.quota;
    this.allowedNetworks = fields.allowedNetworks;
    this.createdAt = fields.createdAt;
    this.createdBy = fields.createdBy;
    this.expiresAt = fields.expiresAt;
    this.disabledAt = fields.disabledAt;
    this.revokedAt = fields.revokedAt;
    this.lastUsedAt = fields.lastUsedAt;
    this.lastUsedFrom = fields.lastUsedFrom ?? null;
  }

  /** The environment that its token names, as `live` in `acme_live_...`; null for an imported key that names none. */
  get environment(): string | null {
    return environmentOf(this.keyPrefix);
  }

  /** Whether the key is accepted at this instant. At `expiresAt` it is not any more. */
  isActive(at: Date): boolean {
    return this.inactiveReason(at) === null;
  }

  /** Why the key is refused at this instant; null while it is accepted. */
  inactiveReason(at: Date): 'revoked' | 'disabled' | 'expired' | null {
    if (this.revokedAt !== null) return 'revoked';
    if (this.disabledAt !== null) return 'disabled';
    return this.hasExpired(at) ? 'expired' : null;
  }

  /** Whether the key has reached its end at this instant, whatever else its state is. */
  hasExpired(at: Date): boolean {
    return this.expiresAt !== null && at >= this.expiresAt;
  }

  /** A copy of the key with other values in some fields. */
  with(changes: Partial<ApiKeyFields>): ApiKey {
    return new ApiKey(Object.assign({}, this, changes));
  }
}

/** Whether an end of a key is later than another one; null for never. */
export function isLaterEnd(end: Date | null, other: Date | null): boolean {
  return other !== null && (end === null || end > other);
}
