import type { Clock } from '@feather-identity/core';
import type { IdentityClientOptions } from '../identity-client.js';

/** Which service is asked about keys, and how long its answers count. */
export interface RemoteVerifierOptions extends IdentityClientOptions {
  /** A key with the scope `api_keys:verify`; keys of its organization are accepted, and no others. */
  readonly apiKey: string;
  /** The service's `KEY_NAMESPACE`; `fth` without it. */
  readonly namespace?: string;
  /** The service's `KEY_ENVIRONMENT`; `live` without it. */
  readonly environment?: string;
  /** Whether the service accepts keys of other systems: it is asked about what could be one too. False without it. */
  readonly importedKeys?: boolean;
  /** How long an answer is used, in seconds; 5 without it. With 0 the service is asked for each request. */
  readonly maxStalenessSeconds?: number;
  /**
   * How old an answer may be that is used while the service cannot be reached, in seconds; 0 without it: such requests
   * get 503. A key that this process has seen refused, or that has ended, is not accepted either way.
   */
  readonly staleIfErrorSeconds?: number;
  /** How long one attempt to ask may take, in seconds; 0.75 without it. */
  readonly attemptTimeoutSeconds?: number;
  /** After how many seconds a request has its answer at the latest, a 503 if nothing else; 2 without it. */
  readonly deadlineSeconds?: number;
  /** The system's without it. */
  readonly clock?: Clock;
}

const SYSTEM_CLOCK: Clock = { now: () => new Date() };

/** The options with what stands for those that are missing. Throws for times that are none. */
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
  // An environment variable that is not set, as a rule.
  if (!read.apiKey) throw new Error('apiKey is missing.');
  for (const name of ['maxStalenessSeconds', 'staleIfErrorSeconds'] as const) {
    if (!(read[name] >= 0 && read[name] < Infinity)) throw new Error(`${name} has to be a number of seconds from 0.`);
  }
  for (const name of ['attemptTimeoutSeconds', 'deadlineSeconds'] as const) {
    if (!(read[name] > 0 && read[name] < Infinity)) throw new Error(`${name} has to be a number of seconds above 0.`);
  }
  if (read.attemptTimeoutSeconds > read.deadlineSeconds) throw new Error('One attempt may not outlast the deadline.');
  return read;
}
