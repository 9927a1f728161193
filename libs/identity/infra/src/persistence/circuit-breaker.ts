/** Time-outs and failed connections in a row, none of them with an answer in between, that count as an outage. */
const FAILURES = 5;

/** Between two requests that try whether the database is back, in milliseconds. */
const TRIAL_EVERY_MS = 250;

/** Knows that a database is away, so that requests need not wait to find out one by one. */
export class CircuitBreaker {
  #failures = 0;
  #nextTrialAt = 0;

  /** Whether a request may go on. During an outage one may now and then, as a trial. */
  allows(): boolean {
    if (this.#failures < FAILURES) return true;
    const now = performance.now();
    if (now < this.#nextTrialAt) return false;
    this.#nextTrialAt = now + TRIAL_EVERY_MS;
    return true;
  }

  /** The database has answered, with rows or a refusal: the outage is over. */
  succeed(): void {
    this.#failures = 0;
  }

  fail(): void {
    this.#failures += 1;
    if (this.#failures === FAILURES) this.#nextTrialAt = performance.now() + TRIAL_EVERY_MS;
  }
}
