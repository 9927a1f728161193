import { IdentityError } from '../../domain/identity-error.js';
import { isUuid } from '../../domain/uuid.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1000;

/**
 * The most items of a page: 50 unless another limit is given. Throws RangeError: `Number()` of a text that is none would be
 * no limit.
 */
export function pageLimit(limit: number = DEFAULT_LIMIT): number {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new RangeError(`limit must be a whole number from 1 to ${MAX_LIMIT}.`);
}

/** Throws `organization.not_found` for a text that is the id of no organization on any database. */
export function assertOrganizationId(organizationId: string): void {
  if (!isUuid(organizationId)) throw new IdentityError('organization.not_found', 'No such organization.');
}

/** Throws for a Date of a text that is no date: no comparison would refuse it. */
export function assertInstant(instant: Date | null | undefined): void {
  if (!instant || !Number.isNaN(instant.getTime())) return;
  throw new IdentityError('api_key.expiry_in_past', 'expires_at must be an instant.');
}
