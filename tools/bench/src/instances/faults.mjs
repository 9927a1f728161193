import { seededRandom } from '../statistics.mjs';
import { monotonicMs } from './monotonic.mjs';

/** A lease is 3 s: a fault may end long before one does, or outlast it. */
const SHORT_MS = [50, 1000];
const LONG_MS = [3100, 6000];
const LONG_SHARE = 0.4;
const PAUSE_MS = [200, 6000];
/** How many instances a fault strikes at once: one, two or all. */
const STRUCK = [1, 1, 1, 1, 1, 1, 1, 2, 2, 3];

const BOTH = ['queries', 'answers'];

/** What happens to an instance for so many milliseconds. Each ends with a way to the database that works. */
const FAULTS = {
  suspended: async (instance, wait) => {
    instance.signal('SIGSTOP');
    await wait();
    instance.signal('SIGCONT');
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

/** Random faults of these instances, if there are any, until it is stopped; the same for the same seed. */
export class FaultSchedule {
  #instances;
  #random;
  #running = true;
  #done;
  #wake = () => undefined;
  /** What has happened: name, number of the instance, and from when to when. */
  happened = [];

  constructor(instances, seed) {
    this.#instances = instances;
    this.#random = seededRandom(seed);
    this.#done = this.#run();
  }

  /** Begins no more faults, and resolves when the last one has ended. */
  async stop() {
    this.#running = false;
    this.#wake();
    await this.#done;
  }

  async #run() {
    await this.#pause(this.#between(PAUSE_MS));
    while (this.#running) {
      await Promise.all(this.#draw().map(([number, name, ms]) => this.#strike(number, name, ms)));
      await Promise.all(this.#instances.map((instance) => instance.revive()));
      await this.#pause(this.#between(PAUSE_MS));
    }
  }

  /** The next fault, of one instance or of several. */
  #draw() {
    if (this.#instances.length === 0) return [];
    const names = Object.keys(FAULTS);
    const name = names[Math.floor(this.#random() * names.length)];
    const ms = this.#between(this.#random() < LONG_SHARE ? LONG_MS : SHORT_MS);
    const count = Math.min(STRUCK[Math.floor(this.#random() * STRUCK.length)], this.#instances.length);
    const first = Math.floor(this.#random() * this.#instances.length);
    return Array.from({ length: count }, (_, at) => [(first + at) % this.#instances.length, name, ms]);
  }

  async #strike(number, name, ms) {
    const fault = { name, instance: number, from: monotonicMs(), to: Infinity };
    this.happened.push(fault);
    // The length of a fault is part of it: a run that stops does not cut it short.
    const wait = () => new Promise((resolve) => setTimeout(resolve, ms));
    await FAULTS[name](this.#instances[number], wait, this.#random);
    fault.to = monotonicMs();
  }

  #pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #between([low, high]) {
    return low + this.#random() * (high - low);
  }
}
