import type { Revocation } from '@feather-identity/core';

/** The header that says how many descendants of a revoked key live on. */
export const LIVING_DESCENDANTS = 'X-Living-Descendants';

/** The value of the header: a number, with `+` if the key has more descendants than were looked at. Null for none. */
export function nameLivingDescendants({ livingDescendants: { count, isComplete } }: Revocation): string | null {
  if (isComplete) return count === 0 ? null : String(count);
  return `${count}+`;
}
