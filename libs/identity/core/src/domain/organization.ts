import { IdentityError } from './identity-error.js';
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

/** Throws `organization.disabled`: a new token would be refused. */
export function assertOrganizationEnabled({ disabledAt }: Organization): void {
  if (disabledAt === null) return;
  throw new IdentityError('organization.disabled', 'The organization is disabled: its keys are refused.');
}
