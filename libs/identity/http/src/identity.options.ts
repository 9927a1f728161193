import type { IdentityPorts, IdentitySettings, KeyExpiryNotice, RateLimitStore } from '@feather-identity/core';
import type { GuardedRequest } from './authentication/guarded-request.js';

/** How many requests an address or an organization may make before it gets 429. */
export interface AuthenticationLimits {
  /** Refused tokens per minute from one address. Default: no limit. */
  readonly failuresPerMinute?: number;
  /** Requests per minute of one organization, with all of its keys together. Default: no limit. */
  readonly requestsPerMinute?: number;
  /**
   * Counts these limits, and those of single keys, over all instances: `RedisRateLimitStore` of
   * `@feather-identity/infra`. While it does not answer, each instance counts for itself. Default: each instance counts
   * for itself.
   */
  readonly rateLimitStore?: RateLimitStore | undefined;
}

/** Where the key of a request is read from. Default: the header `x-api-key` alone. */
export interface KeyLocation {
  /**
   * Accepts keys as `Authorization: Bearer` too: tokens of the application's namespace, and imported keys if the
   * application accepts them. Other bearer tokens, such as JWTs, are left to other guards. Default: false.
   */
  readonly acceptBearer?: boolean;
  /** The header of the key. Default: `x-api-key`. */
  readonly keyHeader?: string;
  /**
   * Reads the key, instead of `keyHeader` and `acceptBearer`. Returns undefined for a request without a key.
   *
   * @param request - the request; for a connection, the one that opened it, whose `headers` also contain the entries of
   * `auth` or `connectionParams`
   */
  readonly readKey?: (request: GuardedRequest) => string | undefined;
}

/** Options of `IdentityModule.forRoot`: the adapters and rules of the host application, and its limits. */
export interface IdentityModuleOptions extends AuthenticationLimits, KeyLocation, IdentityPorts, IdentitySettings {
  /** How often `last_used_at` and renewed proofs are written, in seconds. Default: 10. */
  readonly flushSeconds?: number;
  /**
   * The `http` or `https` URL under which clients reach the application, with the prefix of a proxy if there is one. With
   * it the `Link` of a list is absolute. Default: `Link` is relative to the address of the list.
   */
  readonly publicUrl?: string;
  /**
   * Called 30, 7 and 1 days before a key ends, once for all instances of the application. If calls were missed while no
   * instance ran, one call replaces them. An error is logged, and the call repeated after an hour, at most 5 times in
   * all. Default: none.
   *
   * @example
   * ```ts
   * onKeyExpiring: ({ apiKey, days }) => mailer.send(ownerOf(apiKey), `${apiKey.name} ends in ${days} days.`),
   * ```
   */
  readonly onKeyExpiring?: (notice: KeyExpiryNotice) => void | Promise<void>;
}
