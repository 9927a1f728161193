import type { ApiKey } from '../../domain/api-key.js';
import type { AuditedValue } from '../../domain/audit-event.js';
import { IdentityError } from '../../domain/identity-error.js';
import {
  assertQuota,
  assertRateLimit,
  isQuotaWithin,
  isRateWithin,
  spellQuota,
  spellRateLimit,
} from '../../domain/key-limits.js';
import { areNetworksWithin, normalizeNetworks } from '../../domain/key-networks.js';
import type { Grantor } from './grantor.js';

/** What bounds the use of a key, beside its scopes and its end. */
export type KeyBounds = Pick<ApiKey, 'rateLimit' | 'quota' | 'allowedNetworks'>;

/** The requested bounds; null for none. */
export type WantedBounds = { readonly [Name in keyof KeyBounds]?: KeyBounds[Name] | undefined };

export const NO_BOUNDS: KeyBounds = { rateLimit: null, quota: null, allowedNetworks: null };

/**
 * The wanted bounds with their networks as they are stored; what is left out stays left out.
 *
 * @throws IdentityError `api_key.limit_invalid` or `api_key.networks_invalid`
 */
export function readBounds({ rateLimit, quota, allowedNetworks }: WantedBounds): WantedBounds {
  assertRateLimit(rateLimit ?? null);
  assertQuota(quota ?? null);
  return { rateLimit, quota, allowedNetworks: allowedNetworks && normalizeNetworks(allowedNetworks) };
}

/** The bounds of a new key: omitted ones are the policy's defaults, or the grantor's where they are narrower. */
export function boundsOfNew({ policy, apiKey }: Grantor, wanted: WantedBounds): KeyBounds {
  const own = apiKey ?? NO_BOUNDS;
  return {
    rateLimit:
      wanted.rateLimit === undefined ? narrower(policy.rateLimit, own.rateLimit, isRateWithin) : wanted.rateLimit,
    quota: wanted.quota === undefined ? narrower(policy.quota, own.quota, isQuotaWithin) : wanted.quota,
    allowedNetworks: wanted.allowedNetworks === undefined ? own.allowedNetworks : wanted.allowedNetworks,
  };
}

function narrower<Limit>(
  byDefault: Limit | null,
  own: Limit | null,
  isWithin: (limit: Limit | null, bound: Limit | null) => boolean,
): Limit | null {
  return byDefault !== null && isWithin(byDefault, own) ? byDefault : own;
}

/** Whether a key with these bounds may do anything that it could not do before. */
export function widens(current: KeyBounds, next: KeyBounds): boolean {
  return !(
    isRateWithin(next.rateLimit, current.rateLimit) &&
    isQuotaWithin(next.quota, current.quota) &&
    areNetworksWithin(next.allowedNetworks, current.allowedNetworks)
  );
}

/**
 * No key grants more than it has: with a key that has bounds, only keys within them are made and changed. The operator has
 * none.
 *
 * @throws IdentityError `api_key.limit_exceeds_caller` or `api_key.network_not_held`
 */
export function assertWithinBounds({ apiKey }: Grantor, bounds: KeyBounds): void {
  if (apiKey === null) return;
  if (!isRateWithin(bounds.rateLimit, apiKey.rateLimit)) throw exceeds('rate_limit');
  if (!isQuotaWithin(bounds.quota, apiKey.quota)) throw exceeds('quota');
  if (areNetworksWithin(bounds.allowedNetworks, apiKey.allowedNetworks)) return;
  throw new IdentityError(
    'api_key.network_not_held',
    'A key must not be accepted from addresses from which the key that creates or changes it is refused.',
  );
}

/** The bounds by their names in the API, as far as they are given. */
export function auditedBounds({ rateLimit, quota, allowedNetworks }: WantedBounds): Record<string, AuditedValue> {
  return {
    ...(rateLimit === undefined ? {} : { rate_limit: rateLimit && spellRateLimit(rateLimit) }),
    ...(quota === undefined ? {} : { quota: quota && spellQuota(quota) }),
    ...(allowedNetworks === undefined ? {} : { allowed_networks: allowedNetworks }),
  };
}

/** The bounds that are there, by their names in the API. */
export function auditedIfBound(bounds: KeyBounds): Record<string, AuditedValue> {
  return Object.fromEntries(Object.entries(auditedBounds(bounds)).filter(([, value]) => value !== null));
}

function exceeds(name: string): IdentityError {
  return new IdentityError(
    'api_key.limit_exceeds_caller',
    `The ${name} of a key must not exceed that of the key that creates or changes it.`,
  );
}
