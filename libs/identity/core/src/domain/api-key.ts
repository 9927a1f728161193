import type { ScopeGrant } from './scope-grant.js';

type ApiKeyFields = Pick<
  ApiKey,
  | 'id'
  | 'organizationId'
  | 'memberId'
  | 'name'
  | 'keyPrefix'
  | 'grant'
  | 'createdAt'
  | 'expiresAt'
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
    this.revokedAt = fields.revokedAt;
    this.lastUsedAt = fields.lastUsedAt;
  }

  /** Whether the key is accepted at this instant. It ends with the millisecond before `expiresAt`. */
  isActive(at: Date): boolean {
    return this.revokedAt === null && (this.expiresAt === null || at < this.expiresAt);
  }
}
