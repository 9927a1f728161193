import type { IdentityPorts, IdentitySettings } from '@feather-identity/core';

/** How much an address or an organization may ask before it gets 429. */
export interface AuthenticationLimits {
  /** Refused tokens a minute from one address before it gets 429; without it nothing is throttled. */
  readonly failuresPerMinute?: number;
  /** Requests a minute of one organization, by all of its keys, before it gets 429; without it nobody is limited. */
  readonly requestsPerMinute?: number;
}

/** What the host application decides: its adapters and rules, limits, and how often pending writes are flushed. */
export interface IdentityModuleOptions extends AuthenticationLimits, IdentityPorts, IdentitySettings {
  /** How often `last_used_at` and renewed proofs are written, in seconds. Default: 10. */
  readonly flushSeconds?: number;
}
