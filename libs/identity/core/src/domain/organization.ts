import type { OrganizationPolicy } from './organization-policy.js';

/** The tenant. Every member and key belongs to exactly one. */
export interface Organization {
  /** UUIDv7. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  /** Since when it is disabled, so that all of its keys are refused; null while it is active. */
  readonly disabledAt: Date | null;
  readonly policy: OrganizationPolicy;
}
