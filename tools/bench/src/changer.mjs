// Takes rights away from keys at random instances while it verifies them at all instances; a process of its own. What
// began before an answer and what after it is decided here, in one thread, without comparing clocks.
import { Change, drawKind, KINDS } from './instances/changes.mjs';
import { monotonicMs } from './instances/monotonic.mjs';
import { outcomeOf } from './instances/outcomes.mjs';
import { Reachable, UNREACHABLE } from './instances/reachable.mjs';
import { answer } from './process/answering.mjs';
import { percentile, seededRandom, shuffled } from './statistics.mjs';

/** So many keys that come next are verified beforehand, and each shortly before its change, on most instances. */
const UPCOMING = 40;
const WARM_SHARE = 0.7;
const WARM_UP_MS = 500;
/** So many changed keys are verified on and on: at the usual rate for longer than a lease. */
const RECENT = 150;
/** Where a key is verified while its change is under way. */
const HAMMERED_SHARE = 0.4;
/** The share of changes that two instances are asked for at the same moment, as two people would. */
const TWICE_SHARE = 0.1;
/** A change that failed is asked for again, elsewhere, as a client would. */
const RETRY_MS = 100;
const MOST_REQUESTS = 20;

const CHANGE_PATIENCE_MS = 30_000;
const VERIFICATION_PATIENCE_MS = 15_000;
/** Beyond so many requests that wait on one instance the steady load leaves some out: a queue would hide what is quick. */
const MOST_WAITING = 10;
const CHASE_FOR_MS = 20_000;
const CHASE_EVERY_MS = 50;
const LONGEST_PAUSE_MS = 250;
const SWEEPERS = 16;
const TICK_MS = 2;

const SLOW_MS = 100;
const MOST_SLOW = 20_000;
const MOST_EXAMPLES = 30;

const REFUSALS = new Set(['401', '403']);

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const instances = new Reachable();
let run = null;

answer({
  reachable: (change) => instances.set(change),
  begin(payload) {
    run = new Run(payload);
  },
  /** Makes changes until `count` more are acknowledged, and returns how many seconds that took. */
  change: (payload) => run.change(payload),
  /** Verifies all changed keys once more at all instances, and returns what has been seen. */
  async finish() {
    await run.finish();
    return run.report;
  },
});

class Run {
  #random;
  #kinds;
  #watched;
  #callers;
  #nextIndex;
  #upcoming = [];
  #acknowledged = [];
  #underWay = 0;
  #background = new Set();
  #isSteady = false;
  #latencies = [];
  #report = {
    changes: [],
    changeOutcomes: {},
    verifications: {},
    leftOut: 0,
    slow: [],
    stale: { count: 0, afterGone: 0, examples: [] },
    wronglyRefused: { count: 0, examples: [] },
  };

  /**
   * @param callers - the first key and the number of the keys that ask for changes; keys after them are changed
   * @param watched - whether each changed key is verified while its change is under way and until it is refused
   */
  constructor({ seed, kinds = Object.keys(KINDS), watched, callers }) {
    this.#random = seededRandom(seed);
    this.#kinds = kinds;
    this.#watched = watched;
    this.#callers = callers;
    this.#nextIndex = callers.first + callers.count;
    for (let at = 0; at < UPCOMING; at += 1) this.#prepare();
  }

  /** @param rate - changes a second, or null for as many as `atOnce` allows */
  async change({ count, rate, atOnce, verificationRate }) {
    this.#isSteady = true;
    const steady = this.#verifySteadily(verificationRate);
    const begun = performance.now();
    const target = this.#acknowledged.length + count;
    let started = 0;
    const line = async () => {
      while (this.#acknowledged.length + this.#underWay < target && started < 2 * count) {
        const due = rate === null ? 0 : begun + (started * 1000) / rate;
        started += 1;
        this.#underWay += 1;
        await pause(Math.max(0, due - performance.now()));
        await this.#makeChange();
        this.#underWay -= 1;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, line));
    const seconds = (performance.now() - begun) / 1000;
    this.#isSteady = false;
    await steady;
    return seconds;
  }

  async finish() {
    while (this.#background.size > 0) await Promise.all(this.#background);
    const left = this.#acknowledged.values();
    const sweep = async () => {
      for (const change of left) {
        for (const number of instances.numbers) await this.#verify(change, number);
      }
    };
    if (this.#watched) await Promise.all(Array.from({ length: SWEEPERS }, sweep));
  }

  get report() {
    const at = (share) => percentile(this.#latencies, share);
    return { ...this.#report, latency: { p50: at(0.5), p99: at(0.99), worst: at(1) } };
  }

  #prepare() {
    const warm = instances.numbers.map(() => this.#random() < WARM_SHARE);
    this.#upcoming.push(new Change(this.#nextIndex++, drawKind(this.#kinds, this.#random), warm));
  }

  async #verifySteadily(rate) {
    const begun = performance.now();
    const sent = instances.numbers.map(() => 0);
    while (this.#isSteady) {
      for (const number of instances.numbers) {
        for (; sent[number] < ((performance.now() - begun) * rate) / 1000; sent[number] += 1) {
          if (!instances.isUp(number) || instances.busy(number) >= MOST_WAITING) this.#report.leftOut += 1;
          else this.#inBackground(this.#verify(this.#drawVerified(number), number));
        }
      }
      await pause(TICK_MS);
    }
  }

  /** A key that comes next, or one of the last that were changed. */
  #drawVerified(number) {
    const upcoming = this.#upcoming.filter(({ warm }) => warm[number]);
    const recent = this.#acknowledged.slice(-RECENT);
    const from = recent.length === 0 || (upcoming.length > 0 && this.#random() < 0.5) ? upcoming : recent;
    return this.#draw(from.length > 0 ? from : this.#upcoming);
  }

  #draw(list) {
    return list[Math.floor(this.#random() * list.length)];
  }

  #inBackground(work) {
    this.#background.add(work);
    void work.then(() => this.#background.delete(work));
  }

  async #makeChange() {
    const order = await this.#whatIsUp();
    const change = this.#upcoming.shift();
    this.#prepare();
    if (this.#watched) await this.#warmUp(change);
    const twice = KINDS[change.kind].repeatable && this.#watched && this.#random() < TWICE_SHARE;
    change.sentAt = monotonicMs();
    change.via = order[0];
    for (const number of instances.numbers) {
      if (this.#watched && this.#random() < HAMMERED_SHARE) this.#inBackground(this.#hammer(change, number));
    }
    const [first] = await Promise.all(order.slice(0, twice ? 2 : 1).map((number) => this.#ask(change, number)));
    while (!change.isSettled && change.requests < MOST_REQUESTS) {
      await pause(RETRY_MS);
      await this.#ask(change, (await this.#whatIsUp())[0]);
    }
    change.isOver = true;
    this.#report.changes.push(change.recordWith(first, twice));
  }

  /** Has most instances verify the key, unless they take long: they may hold it in memory when the change comes. */
  async #warmUp(change) {
    const numbers = instances.numbers.filter((number) => change.warm[number]);
    const verified = Promise.all(numbers.map((number) => this.#verify(change, number)));
    this.#inBackground(verified);
    await Promise.race([verified, pause(WARM_UP_MS)]);
  }

  /** The instances that clients can reach, in random order. Waits for one if need be. */
  async #whatIsUp() {
    for (;;) {
      const up = instances.numbers.filter((number) => instances.isUp(number));
      if (up.length > 0) return shuffled(up, this.#random);
      await pause(RETRY_MS);
    }
  }

  /** Asks an instance for a change once; resolves with the outcome and the moment. */
  async #ask(change, number) {
    const caller = this.#callers.first + Math.floor(this.#random() * this.#callers.count);
    const got = await instances.send(number, change.bytes(caller), CHANGE_PATIENCE_MS);
    const outcome = outcomeOf(got);
    change.requests += 1;
    count(this.#report.changeOutcomes, `${change.kind}: ${outcome}`);
    if (got.status === KINDS[change.kind].acknowledgedBy) this.#acknowledge(change, got);
    // Its first request has revoked the key without an answer, or two were under way.
    else if (got.status === 404) change.goneAt ??= monotonicMs();
    return { outcome, endedAt: monotonicMs() };
  }

  #acknowledge(change, got) {
    if (change.answeredAt !== undefined) return;
    change.answeredAt = monotonicMs();
    this.#acknowledged.push(change);
    if (!this.#watched) return;
    for (const number of instances.numbers) this.#inBackground(this.#chase(change, number));
    if (change.kind !== 'rotation' || change.requests > 1) return;
    const bytes = change.verificationOf(JSON.parse(got.body()).plain_text_key);
    for (const number of instances.numbers) this.#inBackground(this.#verifySuccessor(change, number, bytes));
  }

  /** Verifies while the change is under way: reads that race with it. */
  async #hammer(change, number) {
    await pause(this.#random() * 5);
    for (let most = 10; !change.isSettled && !change.isOver; most = Math.min(most * 1.5, LONGEST_PAUSE_MS)) {
      await this.#verify(change, number);
      await pause(this.#random() * most);
    }
  }

  /** Verifies from the answer on until the first refusal. */
  async #chase(change, number) {
    while (monotonicMs() < change.answeredAt + CHASE_FOR_MS) {
      const outcome = await this.#verify(change, number);
      if (REFUSALS.has(outcome)) {
        change.refusedAfter[number] = monotonicMs() - change.answeredAt;
        return;
      }
      await pause(outcome === '200' ? 1 : CHASE_EVERY_MS);
    }
  }

  async #verifySuccessor(change, number, bytes) {
    const outcome = outcomeOf(await instances.send(number, bytes, VERIFICATION_PATIENCE_MS));
    count(this.#report.verifications, outcome);
    if (REFUSALS.has(outcome)) this.#note(this.#report.wronglyRefused, change, number, { successor: true });
  }

  /** Verifies the right that the change takes away, once. */
  async #verify(change, number) {
    const { answeredAt, goneAt } = change;
    const begun = monotonicMs();
    const outcome = outcomeOf(await instances.send(number, change.verification, VERIFICATION_PATIENCE_MS));
    if (outcome === UNREACHABLE) return outcome;
    const took = monotonicMs() - begun;
    count(this.#report.verifications, outcome);
    this.#latencies.push(took);
    if (took >= SLOW_MS && this.#report.slow.length < MOST_SLOW)
      this.#report.slow.push({ instance: number, begun, took, outcome });
    if (outcome === '200' && answeredAt !== undefined)
      this.#note(this.#report.stale, change, number, { begun, begunAfterMs: begun - answeredAt, took });
    else if (outcome === '200' && goneAt !== undefined) this.#report.stale.afterGone += 1;
    if (REFUSALS.has(outcome) && change.sentAt === undefined) this.#note(this.#report.wronglyRefused, change, number);
    return outcome;
  }

  /** Counts, and tells of the first one of each change and instance. */
  #note(list, change, instance, more = {}) {
    list.count += 1;
    const { index, kind, via, warm, requests } = change;
    const isTold = list.examples.some((told) => told.index === index && told.instance === instance);
    if (!isTold && list.examples.length < MOST_EXAMPLES)
      list.examples.push({ index, kind, via, instance, warm: warm[instance], requests, ...more });
  }
}

function count(counts, name) {
  counts[name] = (counts[name] ?? 0) + 1;
}
