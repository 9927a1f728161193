import { setTimeout as sleep } from 'node:timers/promises';
import { VerificationUnavailable, type UnavailableReason } from './verification-unavailable.js';

/** How often it is looked whether a service that did not answer is back. */
const LOOK_EVERY_MS = 200;

/** Nobody looks any longer where no request has come for so long: the next one finds out. */
const LOOK_FOR_MS = 60_000;

/** A trouble is told once in so many milliseconds, however many requests it meets. */
const TELL_EVERY_MS = 60_000;

/** Where trouble with the service is told: Nest's `Logger`, or `console`. */
export interface VerifierLog {
  log(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

const CONSEQUENCE: Record<UnavailableReason, string> = {
  unreachable: 'Requests with keys that are not known here get 503 until it answers.',
  slow: 'Requests with such keys get 503.',
  queue_full: 'Requests with keys that are not known here get 503 meanwhile.',
  limited: 'Requests with keys that are not known here get 503 meanwhile.',
  rejected: 'No key can be checked: give this application a key of its own with the scope api_keys:verify.',
  malformed: 'No key can be checked: is baseUrl right, and the service as new as this library?',
};

/**
 * Whether the service answers, and what the log is told of it. While it does not, nobody waits for it, and it is looked
 * in the background whether it is back, so that the first request after that passes.
 */
export class ServiceHealth {
  readonly #toldAt = new Map<UnavailableReason, number>();
  #isDown = false;
  #isLooking = false;
  #probe: Promise<void> | undefined;
  #hasTold = false;
  #lastDemandAt = 0;
  #lastAnswerAt = 0;

  constructor(
    private readonly log: VerifierLog,
    private readonly isReachable: () => Promise<boolean>,
  ) {}

  /** Throws while the service is down. */
  assertUp(): void {
    if (!this.#isDown) return;
    this.#lastDemandAt = performance.now();
    throw new VerificationUnavailable('unreachable', 'The identity service did not answer a moment ago.');
  }

  /** Whether anything came from the service after this moment, by the monotonic clock. */
  hasAnsweredSince(moment: number): boolean {
    return this.#lastAnswerAt > moment;
  }

  /** The service has answered. */
  answered(): void {
    this.#isDown = false;
    this.#lastAnswerAt = performance.now();
    if (!this.#hasTold) return;
    this.#hasTold = false;
    this.log.log('The identity service answers again.');
  }

  /** A question ended without a verdict. */
  failed({ reason, message }: VerificationUnavailable): void {
    const now = performance.now();
    if (reason === 'unreachable') this.#isDown = true;
    // Crowds are made here, and what is slow was not answered: neither tells of the service. All the others are answers.
    else if (reason !== 'queue_full' && reason !== 'slow') {
      this.#isDown = false;
      this.#lastAnswerAt = now;
    }
    if (this.#isDown && !this.#isLooking) {
      this.#lastDemandAt = now;
      void this.lookUntilBack();
    }
    if (now - (this.#toldAt.get(reason) ?? -Infinity) < TELL_EVERY_MS) return;
    this.#toldAt.set(reason, now);
    // Where a key was slow the service never stopped to answer.
    if (reason !== 'slow') this.#hasTold = true;
    const isOurs = reason === 'rejected' || reason === 'malformed';
    this.log[isOurs ? 'error' : 'warn'](`${message} ${CONSEQUENCE[reason]}`);
  }

  /** Finds out whether the service answers at all, by one look however many have their doubts. */
  probe(): void {
    this.#probe ??= this.look().finally(() => (this.#probe = undefined));
  }

  private async look(): Promise<void> {
    if (await this.isReachable()) this.answered();
  }

  private async lookUntilBack(): Promise<void> {
    this.#isLooking = true;
    while (this.#isDown && performance.now() - this.#lastDemandAt < LOOK_FOR_MS) {
      // Not awaited: a look that gets no answer must not delay the next one.
      void this.look();
      await sleep(LOOK_EVERY_MS, undefined, { ref: false });
    }
    this.#isDown = false;
    this.#isLooking = false;
  }
}
