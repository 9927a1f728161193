import { setTimeout as sleep } from 'node:timers/promises';
import { VerificationUnavailable, type UnavailableReason } from './verification-unavailable.js';

/** Interval between two polls of a service that is down. */
const POLL_INTERVAL_MS = 200;

/**
 * How long polling continues without a request, in milliseconds. After that the next request finds out whether the
 * service is back.
 */
const POLL_IDLE_MS = 60_000;

/** Each kind of failure is logged at most once in this time, however many requests it affects. */
const LOG_INTERVAL_MS = 60_000;

/** The log for failures of the service: Nest's `Logger`, or `console`. */
export interface VerifierLog {
  log(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

const CONSEQUENCE: Record<UnavailableReason, string> = {
  unreachable: 'Requests whose key is not in the cache get 503 until it answers.',
  slow: 'Requests with such keys get 503.',
  queue_full: 'Requests whose key is not in the cache get 503 meanwhile.',
  limited: 'Requests whose key is not in the cache get 503 meanwhile.',
  rejected: 'No key can be verified: give this application a key of its own with the scope api_keys:verify.',
  malformed: 'No key can be verified: check baseUrl, and that the service is as new as this library.',
};

/**
 * Knows whether the service answers, and logs when that changes. While the service is down, requests fail at once, and a
 * poll in the background finds out when it is back.
 */
export class ServiceHealth {
  readonly #loggedAt = new Map<UnavailableReason, number>();
  #isDown = false;
  #isPolling = false;
  #probe: Promise<void> | undefined;
  #hasLoggedFailure = false;
  #lastRequestAt = 0;
  #lastAnswerAt = 0;

  constructor(
    private readonly log: VerifierLog,
    private readonly isReachable: () => Promise<boolean>,
  ) {}

  /** Throws `VerificationUnavailable` while the service is down. */
  assertUp(): void {
    if (!this.#isDown) return;
    this.#lastRequestAt = performance.now();
    throw new VerificationUnavailable('unreachable', 'The identity service did not answer a moment ago.');
  }

  /** Whether the service answered anything after this moment of the monotonic clock. */
  hasAnsweredSince(moment: number): boolean {
    return this.#lastAnswerAt > moment;
  }

  /** Records an answer of the service. */
  recordAnswer(): void {
    this.#isDown = false;
    this.#lastAnswerAt = performance.now();
    if (!this.#hasLoggedFailure) return;
    this.#hasLoggedFailure = false;
    this.log.log('The identity service answers again.');
  }

  /** Records a call without a verdict. */
  recordFailure({ reason, message }: VerificationUnavailable): void {
    const now = performance.now();
    if (reason === 'unreachable') this.#isDown = true;
    // A full queue is made here, and a slow call has no answer: neither says anything about the service. All other
    // reasons are answers.
    else if (reason !== 'queue_full' && reason !== 'slow') {
      this.#isDown = false;
      this.#lastAnswerAt = now;
    }
    if (this.#isDown && !this.#isPolling) {
      this.#lastRequestAt = now;
      void this.pollUntilUp();
    }
    if (now - (this.#loggedAt.get(reason) ?? -Infinity) < LOG_INTERVAL_MS) return;
    this.#loggedAt.set(reason, now);
    // With a slow key the service never stopped answering, so nothing "answers again" later.
    if (reason !== 'slow') this.#hasLoggedFailure = true;
    const isMistake = reason === 'rejected' || reason === 'malformed';
    this.log[isMistake ? 'error' : 'warn'](`${message} ${CONSEQUENCE[reason]}`);
  }

  /** Sends a cheap request to find out whether the service answers; concurrent calls share one request. */
  probe(): void {
    this.#probe ??= this.probeNow().finally(() => (this.#probe = undefined));
  }

  private async probeNow(): Promise<void> {
    if (await this.isReachable()) this.recordAnswer();
  }

  private async pollUntilUp(): Promise<void> {
    this.#isPolling = true;
    while (this.#isDown && performance.now() - this.#lastRequestAt < POLL_IDLE_MS) {
      // Not awaited: a probe without an answer must not delay the next one.
      void this.probeNow();
      await sleep(POLL_INTERVAL_MS, undefined, { ref: false });
    }
    this.#isDown = false;
    this.#isPolling = false;
  }
}
