import { environmentOf } from './key-prefix.js';
import type { ScopeGrant } from './scope-grant.js';

/** What an `ApiKey` is made of. */
export type ApiKeyFields = Pick<
  ApiKey,
  | 'id'
  | 'organizationId'
  | 'memberId'
  | 'name'
  | 'keyPrefix'
  | 'grant'
  | 'createdAt'
  | 'expiresAt'
  | 'disabledAt'
  | 'revokedAt'
  | 'lastUsedAt'
>;

/** A key and what it may do. Its verifiers are in `ApiKeySecret`, since a rotation gives a key several. */
export class ApiKey {
  /** UUIDv7. */
  readonly id: string;
  readonly organizationId: string;
  readonly memberId: string;
  readonly name: string;
  /** Public part of the current secret; unique. */
  readonly keyPrefix: string;
  readonly grant: ScopeGrant;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  /** Since when it is disabled; null while it is enabled. */
  readonly disabledAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;

  constructor(fields: ApiKeyFields) {
    this.id = fields.id;
    this.organizationId = fields.organizationId;
    this.memberId = fields.memberId;
    this.name = fields.name;
    this.keyPrefix = fields.keyPrefix;
    this.grant = fields.grant;
    this.createdAt = fields.createdAt;
    this.expiresAt = fields.expiresAt;
    this.disabledAt = fields.disabledAt;
    this.revokedAt = fields.revokedAt;
    this.lastUsedAt = fields.lastUsedAt;
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
