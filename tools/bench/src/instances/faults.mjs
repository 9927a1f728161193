import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../statistics.mjs';
import { monotonicMs } from './monotonic.mjs';

/** A lease is 3 s: a fault may end long before one does, or outlast it. */
const SHORT_MS = [50, 1000];
const LONG_MS = [3200, 8000];
const LONG_SHARE = 0.4;
const PAUSE_MS = [200, 8000];
const AWAKE_MS = 1000;

const BOTH = ['queries', 'answers'];

/** What happens to an instance for so many milliseconds. Each ends with a way to the database that works. */
const FAULTS = {
  suspended: async (instance, wait) => {
    instance.signal('SIGSTOP');
    await wait();
    instance.signal('SIGCONT');
  },
  // It wakes up with requests in its sockets, and with no word of what has changed.
  'suspended, listener silent': async (instance, wait) => {
    const { proxy } = instance;
    proxy.silence(BOTH, { listenersOnly: true });
    instance.signal('SIGSTOP');
    await wait();
    instance.signal('SIGCONT');
    await sleep(AWAKE_MS);
    proxy.silence([]);
  },
  killed: async (instance, wait) => {
    await instance.end('SIGKILL');
    await wait();
    await instance.start();
  },
  'stopped in order': async (instance, wait) => {
    await instance.end('SIGTERM');
    await wait();
    await instance.start();
  },
  'listener cut': async ({ proxy }) => proxy.cut({ listenersOnly: true }),
  'listener silent': async ({ proxy }, wait) => {
    proxy.silence(BOTH, { listenersOnly: true });
    await wait();
    proxy.silence([]);
  },
  'listener silent, then cut': async ({ proxy }, wait) => {
    proxy.silence(BOTH, { listenersOnly: true });
    await wait();
    proxy.cut({ listenersOnly: true });
    proxy.silence([]);
  },
  'all cut': async ({ proxy }) => proxy.cut(),
  'all cut and refused': async ({ proxy }, wait) => {
    proxy.refuse(true);
    proxy.cut();
    await wait();
    proxy.refuse(false);
  },
  'all late': async ({ proxy }, wait, random) => {
    proxy.delayMs = 5 + random() * 300;
    await wait();
    proxy.delayMs = 0;
  },
  'all silent': async ({ proxy }, wait) => {
    proxy.silence(BOTH);
    await wait();
    proxy.silence([]);
  },
  'all silent, then cut': async ({ proxy }, wait) => {
    proxy.silence(BOTH);
    await wait();
    proxy.cut();
    proxy.silence([]);
  },
  'answers silent': async ({ proxy }, wait) => {
    proxy.silence(['answers']);
    await wait();
    proxy.silence([]);
  },
  'queries silent': async ({ proxy }, wait) => {
    proxy.silence(['queries']);
    await wait();
    proxy.silence([]);
  },
};

/** How often each is drawn, unless once: those that a lease must get right, and that take no start of a process. */
const SHARES = {
  suspended: 3,
  'suspended, listener silent': 3,
  'listener silent': 3,
  'listener silent, then cut': 2,
  'all late': 2,
};
const DRAWN = Object.keys(FAULTS).flatMap((name) => Array.from({ length: SHARES[name] ?? 1 }, () => name));

/** Random faults of these instances, each with its own, until it is stopped. The same for the same seed. */
export class FaultSchedule {
  #isRunning = true;
  #done;
  #stopping = new AbortController();
  /** What has happened: name, number of the instance, and from when to when. */
  happened = [];

  constructor(instances, seed) {
    this.#done = Promise.all(
      instances.map((instance, number) => this.#run(instance, number, seededRandom(seed + number))),
    );
    // It is told by `stop`.
    this.#done.catch(() => undefined);
  }

  /** Begins no more faults, and resolves when the last ones have ended. */
  async stop() {
    this.#isRunning = false;
    this.#stopping.abort();
    await this.#done;
  }

  async #run(instance, number, random) {
    const between = ([low, high]) => low + random() * (high - low);
    for (;;) {
      await sleep(between(PAUSE_MS), undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      await instance.revive();
      if (!this.#isRunning) return;
      const name = DRAWN[Math.floor(random() * DRAWN.length)];
      const ms = between(random() < LONG_SHARE ? LONG_MS : SHORT_MS);
      const fault = { name, instance: number, from: monotonicMs(), to: Infinity };
      this.happened.push(fault);
      // The length of a fault is part of it: a run that stops does not cut it short.
      await FAULTS[name](instance, () => sleep(ms), random);
      fault.to = monotonicMs();
    }
  }
}
