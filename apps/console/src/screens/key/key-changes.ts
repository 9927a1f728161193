import type { components } from '@feather-identity/client';
import type { TypedLimits } from '@feather-identity/react';

/** A key as it stands in a form. */
export interface TypedKey {
  readonly name: string;
  readonly description: string;
  readonly labels: string;
  /** None: everything. */
  readonly scopes: readonly string[];
  /** The value of `<input type="datetime-local">`; empty for never. */
  readonly expires: string;
  readonly limits: TypedLimits;
}

type Update = components['schemas']['ApiKeyUpdateRequest'];

/** The fields that were changed, as the service takes them. What stays is not sent: others may have changed it meanwhile. */
export function changesOf(
  before: TypedKey,
  after: TypedKey,
  read: {
    readonly labels: readonly string[];
    readonly rate_limit: Update['rate_limit'];
    readonly quota: Update['quota'];
    readonly allowed_networks: Update['allowed_networks'];
  },
): Update {
  const was = before.limits;
  const is = after.limits;
  // Another window means something only beside a number.
  const rateChanged = was.rate !== is.rate || (is.rate !== '' && was.window !== is.window);
  const quotaChanged = was.quota !== is.quota || (is.quota !== '' && was.period !== is.period);
  return {
    ...(before.name !== after.name && { name: after.name.trim() }),
    ...(before.description !== after.description && { description: after.description.trim() || null }),
    ...(before.labels !== after.labels && { labels: [...read.labels] }),
    ...(before.scopes.toSorted().join() !== after.scopes.toSorted().join() && { scopes: [...after.scopes] }),
    ...(before.expires !== after.expires && {
      expires_at: after.expires === '' ? null : new Date(after.expires).toISOString(),
    }),
    ...(rateChanged && { rate_limit: read.rate_limit ?? null }),
    ...(quotaChanged && { quota: read.quota ?? null }),
    ...(was.networks !== is.networks && { allowed_networks: read.allowed_networks ?? null }),
  };
}
