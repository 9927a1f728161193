import type { UsageOutcome } from '@feather-identity/core';

/** The column of each outcome. */
export const COLUMN_OF: Readonly<Record<UsageOutcome, string>> = {
  accepted: 'accepted',
  refusedState: 'refused_state',
  refusedAddress: 'refused_address',
  refusedLimit: 'refused_limit',
  refusedScope: 'refused_scope',
};
