import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { CallerCache } from './caller-cache.js';
import { queueFull, noAnswer, VerificationUnavailable, slow } from './verification-unavailable.js';
import type { ServiceHealth } from './service-health.js';
import type { Beginning, Stopwatch } from './stopwatch.js';
import type { Verdict } from './verdict.js';
import type { VerifyEndpoint } from './verify-endpoint.js';

/** Questions that are under way at once, which is also the number of connections, and those that wait for them. */
const ASKED_AT_ONCE = 64;
const MAX_WAITING = 4096;

const ATTEMPTS = 3;

/** The pause before an attempt is random, up to so many milliseconds for each attempt before. */
const PAUSE_MS = 100;

/** What questions are made of. */
export interface QuestionParts {
  readonly endpoint: VerifyEndpoint;
  readonly known: CallerCache;
  readonly health: ServiceHealth;
  readonly stopwatch: Stopwatch;
  /** How long a question may take with all of its attempts. */
  readonly deadlineMs: number;
}

interface Question {
  readonly begunAt: number;
  /** When it was last sent; undefined before that, and while it waits to be sent again. */
  askedAt: Beginning | undefined;
}

/** Asks the service about tokens: once for requests that come together, several times where that may help. */
export class VerifyQueue {
  readonly #queue = new PQueue({ concurrency: ASKED_AT_ONCE });
  readonly #latest = new Map<string, { question: Question; verdict: Promise<Verdict> }>();

  constructor(private readonly parts: QuestionParts) {}

  /** What the service says of a token. Rejects with `VerificationUnavailable` within the deadline; at once while the service is down. */
  async ask(digest: string, token: string): Promise<Verdict> {
    this.parts.health.assertUp();
    const running = this.#latest.get(digest);
    if (running !== undefined && this.mayShare(running.question)) return running.verdict;
    const question = { begunAt: performance.now(), askedAt: undefined };
    const verdict = this.answer(digest, token, question);
    this.#latest.set(digest, { question, verdict });
    return verdict;
  }

  /** A request may share the answer to a question that is not sent yet, or was sent as recently as an answer is used. */
  private mayShare({ askedAt }: Question): boolean {
    return askedAt === undefined || this.parts.known.isFresh(askedAt);
  }

  private async answer(digest: string, token: string, question: Question): Promise<Verdict> {
    const { known, health } = this.parts;
    try {
      const verdict = await this.inTurn(token, question);
      health.answered();
      if (verdict === 'refused') known.forget(digest);
      // A later question may have been answered before this one.
      else if (this.isLatest(digest, question) && question.askedAt) known.keep(digest, verdict, question.askedAt);
      return verdict;
    } catch (error) {
      if (error instanceof VerificationUnavailable) health.failed(error);
      // Whatever this application was told, it was told to a key that is not accepted any more.
      if (error instanceof VerificationUnavailable && error.reason === 'rejected') known.forgetAll();
      throw error;
    } finally {
      if (this.isLatest(digest, question)) this.#latest.delete(digest);
    }
  }

  private isLatest(digest: string, question: Question): boolean {
    return this.#latest.get(digest)?.question === question;
  }

  private async inTurn(token: string, question: Question): Promise<Verdict> {
    // Whoever begins has the time of a whole attempt, so that no crowd is taken for a service that does not answer.
    const { timeoutMs } = this.parts.endpoint;
    const msToWait = this.msLeft(question) - timeoutMs;
    const waits = this.#queue.pending >= ASKED_AT_ONCE;
    if (waits && (msToWait <= 0 || this.#queue.size >= MAX_WAITING)) throw queueFull();
    const wait = new AbortController();
    const timer = setTimeout(() => {
      wait.abort(this.isThere(question) ? queueFull() : noAnswer());
    }, msToWait);
    const begin = () => {
      clearTimeout(timer);
      return this.attempt(token, question);
    };
    const asking = this.#queue.add(begin, { signal: wait.signal });
    return this.watched(question, asking, (waits ? Math.min(timeoutMs, msToWait) : timeoutMs) / 2);
  }

  /**
   * Some keys take the service long, and whoever sends such ones can make this question last, or wait for theirs: only a
   * look tells that from a service that is away.
   */
  private async watched(question: Question, asking: Promise<Verdict>, patienceMs: number): Promise<Verdict> {
    const probe = setInterval(() => {
      if (!this.isThere(question)) this.parts.health.probe();
    }, patienceMs);
    try {
      return await asking;
    } finally {
      clearInterval(probe);
    }
  }

  /** Whether the service has answered anything since this question began. */
  private isThere({ begunAt }: Question): boolean {
    return this.parts.health.hasAnsweredSince(begunAt);
  }

  private async attempt(token: string, question: Question): Promise<Verdict> {
    const { endpoint, stopwatch, health } = this.parts;
    const tooLate = () => (this.isThere(question) ? slow() : noAnswer());
    for (let attempt = 1; ; attempt += 1) {
      health.assertUp();
      question.askedAt = stopwatch.begin();
      try {
        return await endpoint.ask(token, this.msLeft(question), tooLate);
      } catch (error) {
        const mayHelp =
          error instanceof VerificationUnavailable && (error.reason === 'unreachable' || error.reason === 'slow');
        const pause = randomInt(PAUSE_MS * attempt);
        if (!mayHelp || attempt === ATTEMPTS || pause >= this.msLeft(question)) throw error;
        question.askedAt = undefined;
        await sleep(pause);
      }
    }
  }

  private msLeft({ begunAt }: Question): number {
    return begunAt + this.parts.deadlineMs - performance.now();
  }
}
