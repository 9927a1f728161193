import { AsyncResource } from 'node:async_hooks';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { CallerCache } from './caller-cache.js';
import { queueFull, noAnswer, VerificationUnavailable, slow } from './verification-unavailable.js';
import type { ServiceHealth } from './service-health.js';
import type { StartTime, Stopwatch } from './stopwatch.js';
import type { Verdict } from './verdict.js';
import type { VerifyEndpoint } from './verify-endpoint.js';

/** Calls in flight at once, which is also the number of connections, and calls that wait for one of these. */
const MAX_IN_FLIGHT = 64;
const MAX_WAITING = 4096;

const ATTEMPTS = 3;

/** The pause before a retry is random, up to this many milliseconds for each attempt so far. */
const PAUSE_MS = 100;

/** Dependencies of `VerifyQueue`. */
export interface VerifyQueueDependencies {
  readonly endpoint: VerifyEndpoint;
  readonly callers: CallerCache;
  readonly health: ServiceHealth;
  readonly stopwatch: Stopwatch;
  /** Time limit for a call with all of its attempts. */
  readonly deadlineMs: number;
}

interface Call {
  readonly startedAt: number;
  /** When the last attempt was sent; undefined before the first one and between two attempts. */
  sentAt: StartTime | undefined;
}

/** Verifies tokens at the service: one call for concurrent requests with the same token, with retries where they may help. */
export class VerifyQueue {
  readonly #queue = new PQueue({ concurrency: MAX_IN_FLIGHT });
  readonly #latest = new Map<string, { call: Call; verdict: Promise<Verdict> }>();

  constructor(private readonly dependencies: VerifyQueueDependencies) {}

  /**
   * The verdict of the service on a token. Rejects with `VerificationUnavailable` within the deadline, and at once while the
   * service is down.
   */
  async verify(digest: string, token: string): Promise<Verdict> {
    this.dependencies.health.assertUp();
    const latest = this.#latest.get(digest);
    if (latest !== undefined && this.canShare(latest.call)) return latest.verdict;
    const call = { startedAt: performance.now(), sentAt: undefined };
    const verdict = this.run(digest, token, call);
    this.#latest.set(digest, { call, verdict });
    return verdict;
  }

  /** A request may share a call that is not sent yet, or that was sent so recently that its answer is still fresh. */
  private canShare({ sentAt }: Call): boolean {
    return sentAt === undefined || this.dependencies.callers.isFresh(sentAt);
  }

  private async run(digest: string, token: string, call: Call): Promise<Verdict> {
    const { callers, health } = this.dependencies;
    try {
      const verdict = await this.enqueue(token, call);
      health.recordAnswer();
      if (verdict === 'refused') callers.delete(digest);
      // A later call may have been answered before this one.
      else if (this.isLatest(digest, call) && call.sentAt) callers.set(digest, verdict, call.sentAt);
      return verdict;
    } catch (error) {
      if (error instanceof VerificationUnavailable) health.recordFailure(error);
      // Cached answers were given to a key of this application that the service no longer accepts.
      if (error instanceof VerificationUnavailable && error.reason === 'rejected') callers.clear();
      throw error;
    } finally {
      if (this.isLatest(digest, call)) this.#latest.delete(digest);
    }
  }

  private isLatest(digest: string, call: Call): boolean {
    return this.#latest.get(digest)?.call === call;
  }

  private async enqueue(token: string, call: Call): Promise<Verdict> {
    // A call that leaves the queue has time for a whole attempt, so that a full queue is not taken for an outage.
    const { timeoutMs } = this.dependencies.endpoint;
    const maxWaitMs = this.remainingMs(call) - timeoutMs;
    const mustWait = this.#queue.pending >= MAX_IN_FLIGHT;
    if (mustWait && (maxWaitMs <= 0 || this.#queue.size >= MAX_WAITING)) throw queueFull();
    const wait = new AbortController();
    const timer = setTimeout(() => {
      wait.abort(this.hasServiceAnswered(call) ? queueFull() : noAnswer());
    }, maxWaitMs);
    // A call that has to wait is begun by the end of another request's, and yet belongs to this one, as its trace shows.
    const send = AsyncResource.bind(() => {
      clearTimeout(timer);
      return this.attempt(token, call);
    });
    const verdict = this.#queue.add(send, { signal: wait.signal });
    return this.probeWhilePending(call, verdict, (mustWait ? Math.min(timeoutMs, maxWaitMs) : timeoutMs) / 2);
  }

  /**
   * Some keys take the service long, and a client that sends such keys can make this call slow, or make it wait. Only a
   * probe distinguishes that from an outage.
   */
  private async probeWhilePending(call: Call, verdict: Promise<Verdict>, intervalMs: number): Promise<Verdict> {
    const timer = setInterval(() => {
      if (!this.hasServiceAnswered(call)) this.dependencies.health.probe();
    }, intervalMs);
    try {
      return await verdict;
    } finally {
      clearInterval(timer);
    }
  }

  /** Whether the service has answered anything since this call began. */
  private hasServiceAnswered({ startedAt }: Call): boolean {
    return this.dependencies.health.hasAnsweredSince(startedAt);
  }

  private async attempt(token: string, call: Call): Promise<Verdict> {
    const { endpoint, stopwatch, health } = this.dependencies;
    const timeoutError = () => (this.hasServiceAnswered(call) ? slow() : noAnswer());
    for (let attempt = 1; ; attempt += 1) {
      health.assertUp();
      call.sentAt = stopwatch.start();
      try {
        return await endpoint.verify(token, this.remainingMs(call), timeoutError);
      } catch (error) {
        const isTransient =
          error instanceof VerificationUnavailable && (error.reason === 'unreachable' || error.reason === 'slow');
        const pause = randomInt(PAUSE_MS * attempt);
        if (!isTransient || attempt === ATTEMPTS || pause >= this.remainingMs(call)) throw error;
        call.sentAt = undefined;
        await sleep(pause);
      }
    }
  }

  private remainingMs({ startedAt }: Call): number {
    return startedAt + this.dependencies.deadlineMs - performance.now();
  }
}
