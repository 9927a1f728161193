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

/** What a key is and may do. What verifies its secret is an `ApiKeySecret`, because rotation gives a key several. */
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
  /** Since when it is not accepted, until it is enabled again. */
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

  /** Whether the key is accepted at this instant. It ends with the millisecond before `expiresAt`. */
  isActive(at: Date): boolean {
    return this.inactiveReason(at) === null;
  }

  /** Why the key is not accepted at this instant; null while it is. */
  inactiveReason(at: Date): 'revoked' | 'disabled' | 'expired' | null {
    if (this.revokedAt !== null) return 'revoked';
    if (this.disabledAt !== null) return 'disabled';
    return this.expiresAt !== null && at >= this.expiresAt ? 'expired' : null;
  }

  /** The key with other values in some of its fields. */
  with(changes: Partial<ApiKeyFields>): ApiKey {
    return new ApiKey(Object.assign({}, this, changes));
  }
}
