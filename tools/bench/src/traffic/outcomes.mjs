/** The statuses that say that the service did its work; 401 is the answer to a revoked key. */
const ANSWERS = { verification: [200, 401], change: [201, 204] };

/** Counts what requests came to, and how long a kind of request had no answer at an instance. */
export class Outcomes {
  /** All counts by status. */
  counts = {};
  /** Milliseconds until a verification got 503. */
  refusedAfter = [];
  #begun = performance.now();
  /** For each kind by instance, when the last answer was and the longest time between two. */
  #answered = { verification: new Map(), change: new Map() };

  add(kind, port, status, begun) {
    this.counts[status] = (this.counts[status] ?? 0) + 1;
    if (kind === 'verification' && status === 503) this.refusedAfter.push(performance.now() - begun);
    const before = this.#answered[kind].get(port) ?? { last: this.#begun, gap: 0 };
    const now = performance.now();
    const isAnswer = ANSWERS[kind].includes(status);
    const gap = Math.max(before.gap, now - before.last);
    this.#answered[kind].set(port, { last: isAnswer ? now : before.last, gap });
  }

  /** Whether every instance has answered both kinds of request since then. */
  areAnsweredSince(moment, ports) {
    return Object.values(this.#answered).every((of) => ports.every((port) => of.get(port)?.last > moment));
  }

  /** The longest time without an answer at any instance, by kind, in seconds. */
  longestGaps() {
    const longest = (of) => Math.max(...[...of.values()].map(({ gap }) => gap)) / 1000;
    return { verification: longest(this.#answered.verification), change: longest(this.#answered.change) };
  }
}
