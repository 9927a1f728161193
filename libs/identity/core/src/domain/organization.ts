import type { OrganizationPolicy } from './organization-policy.js';

/** The tenant. Every member and key belongs to exactly one. */
export interface Organization {
  /** UUIDv7. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  /** Since when none of its keys is accepted; null while it is active. */
  readonly disabledAt: Date | null;
  readonly policy: OrganizationPolicy;
}
