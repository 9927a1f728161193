import type { Clock } from '@feather-identity/core';
import type { IdentityClientOptions } from '../identity-client.js';

/** Options of remote mode: which service to ask, and how long its answers are used. */
export interface RemoteVerifierOptions extends IdentityClientOptions {
  /**
   * A key with the scope `api_keys:verify`. All keys of its organization are accepted, and no others. With an operator
   * key that has this scope, the keys of all organizations are accepted.
   */
  readonly apiKey: string;
  /** `KEY_NAMESPACE` of the service. Default: `fth`. */
  readonly namespace?: string;
  /** `KEY_ENVIRONMENT` of the service, or all of its environments. Default: `live`. */
  readonly environment?: string | readonly [string, ...string[]];
  /**
   * Whether the service accepts imported keys, so that it is also asked about texts in other formats. Default: false.
   */
  readonly importedKeys?: boolean;
  /** How long an answer is used, in seconds; 0 asks for each request. Default: 5. */
  readonly maxStalenessSeconds?: number;
  /**
   * Maximum age, in seconds, of answers that are used while the service cannot be reached; with 0, requests get 503
   * then. A key that has expired, or that the service has refused before, is never accepted. Default: 0.
   */
  readonly staleIfErrorSeconds?: number;
  /** Time limit of one attempt, in seconds. Default: 0.75. */
  readonly attemptTimeoutSeconds?: number;
  /** Time limit for all attempts of one request, in seconds, after which it gets 503. Default: 2. */
  readonly deadlineSeconds?: number;
  /** Default: the clock of the system. */
  readonly clock?: Clock;
}

const SYSTEM_CLOCK: Clock = { now: () => new Date() };

/** The options with their defaults. Throws for a missing key and for times that cannot be used. */
export function readOptions(options: RemoteVerifierOptions): Required<RemoteVerifierOptions> {
  const read = {
    namespace: 'fth',
    environment: 'live',
    importedKeys: false,
    maxStalenessSeconds: 5,
    staleIfErrorSeconds: 0,
    attemptTimeoutSeconds: 0.75,
    deadlineSeconds: 2,
    clock: SYSTEM_CLOCK,
    ...options,
  };
  // Usually an environment variable that is not set.
  if (!read.apiKey) throw new Error('apiKey is missing.');
  for (const name of ['maxStalenessSeconds', 'staleIfErrorSeconds'] as const) {
    if (!(read[name] >= 0 && read[name] < Infinity)) throw new Error(`${name} must be a number of seconds, 0 or more.`);
  }
  for (const name of ['attemptTimeoutSeconds', 'deadlineSeconds'] as const) {
    if (!(read[name] > 0 && read[name] < Infinity)) throw new Error(`${name} must be a number of seconds above 0.`);
  }
  if (read.attemptTimeoutSeconds > read.deadlineSeconds) {
    throw new Error('attemptTimeoutSeconds must not be greater than deadlineSeconds.');
  }
  return read;
}
