import { getEventListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type HashingLimits, HashingQueue } from './hashing-queue.js';

const OVERLOADED = expect.objectContaining({ name: 'IdentityError', code: 'hashing.overloaded' });

/** Longer than any of these tests. */
const LONG_MS = 60_000;

/** Jobs that run until they are told to end, on a queue with these limits. */
class Jobs {
  readonly begun: string[] = [];
  readonly queue: HashingQueue;
  readonly #endings: (() => void)[] = [];

  constructor(limits: Partial<HashingLimits> = {}) {
    this.queue = new HashingQueue({ running: 1, waiting: 10, waitMs: LONG_MS, ...limits });
  }

  hash = (name: string): Promise<string> => this.queue.hash(() => this.begin(name));

  check = (name: string, signal?: AbortSignal): Promise<string> => this.queue.check(() => this.begin(name), signal);

  /** Ends the jobs one by one, the oldest first, until none is left. */
  async endAll(): Promise<void> {
    for (let end = this.#endings.shift(); end !== undefined; end = this.#endings.shift()) {
      end();
      await nextTurn();
    }
  }

  private begin(name: string): Promise<string> {
    this.begun.push(name);
    return new Promise((resolve) => {
      this.#endings.push(() => {
        resolve(name);
      });
    });
  }
}

describe('the bcrypt queue', () => {
  it('never runs more jobs than it may, whatever is asked of it (RL5)', async () => {
    const queue = new HashingQueue({ running: 3, waiting: 1000, waitMs: LONG_MS });
    let [running, most] = [0, 0];
    const job = async () => {
      most = Math.max(most, (running += 1));
      expect(queue.running).toBe(running);
      await nextTurn();
      running -= 1;
    };
    await Promise.all(Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? queue.check(job) : queue.hash(job))));
    expect([most, queue.checks, queue.hashes, queue.running, queue.waiting]).toEqual([3, 100, 100, 0, 0]);
  });

  it("leaves a core and one of libuv's 4 threads to everything else, unless there is but one", async () => {
    const queue = new HashingQueue();
    const jobs = Array.from({ length: 20 }, () => queue.check(() => nextTurn()));
    expect(queue.running).toBe(Math.max(1, Math.min(availableParallelism() - 1, 3)));
    await Promise.all(jobs);
  });

  it('takes checks before hashes, and the oldest of each first', async () => {
    const jobs = new Jobs();
    const all = [jobs.hash('running'), jobs.hash('hash 1'), jobs.check('check 1'), jobs.hash('hash 2')];
    all.push(jobs.check('check 2'));
    await jobs.endAll();
    expect(jobs.begun).toEqual(['running', 'check 1', 'check 2', 'hash 1', 'hash 2']);
    expect(await Promise.all(all)).toEqual(['running', 'hash 1', 'check 1', 'hash 2', 'check 2']);
  });

  it('refuses at once what finds too many of its kind waiting, and takes them again afterwards', async () => {
    const jobs = new Jobs({ waiting: 2 });
    const hashes = ['running', 'hash 1', 'hash 2'].map(jobs.hash);
    await expect(jobs.hash('hash 3')).rejects.toEqual(OVERLOADED);
    const checks = ['check 1', 'check 2'].map((name) => jobs.check(name));
    await expect(jobs.check('check 3')).rejects.toEqual(OVERLOADED);
    expect([jobs.queue.waiting, jobs.queue.refused]).toEqual([4, 2]);
    await jobs.endAll();
    await Promise.all([...hashes, ...checks]);
    void jobs.check('check 4');
    expect(jobs.begun).toEqual(['running', 'check 1', 'check 2', 'hash 1', 'hash 2', 'check 4']);
  });

  it('refuses what cannot start in time, and never runs it; what runs may take its time', async () => {
    const jobs = new Jobs({ waitMs: 20 });
    const running = jobs.check('running');
    await expect(Promise.race([running, jobs.check('late')])).rejects.toEqual(OVERLOADED);
    await expect(Promise.race([running, jobs.hash('late')])).rejects.toEqual(OVERLOADED);
    await jobs.endAll();
    await expect(running).resolves.toBe('running');
    expect(jobs.begun).toEqual(['running']);
    expect([jobs.queue.checks, jobs.queue.hashes, jobs.queue.refused, jobs.queue.waiting]).toEqual([1, 0, 2, 0]);
  });

  it('withdraws jobs that are abandoned while they wait, and makes room for others at once (RL6)', async () => {
    const jobs = new Jobs({ waiting: 9 });
    const client = new AbortController();
    const running = jobs.check('running', client.signal);
    const abandoned = Array.from({ length: 9 }, (_, at) => jobs.check(`abandoned ${at}`, client.signal));
    const settled = Promise.allSettled(abandoned);
    client.abort();
    const wanted = jobs.check('wanted', new AbortController().signal);
    const late = jobs.check('late', client.signal);
    await expect(late).rejects.toEqual(OVERLOADED);
    expect(await settled).toEqual(abandoned.map(() => ({ status: 'rejected', reason: OVERLOADED })));
    await jobs.endAll();
    await expect(Promise.all([running, wanted])).resolves.toEqual(['running', 'wanted']);
    expect(jobs.begun).toEqual(['running', 'wanted']);
    expect([jobs.queue.checks, jobs.queue.abandoned, jobs.queue.refused]).toEqual([2, 10, 0]);
  });

  it('leaves nothing behind on a signal that lives on', async () => {
    const jobs = new Jobs({ waitMs: 20 });
    const { signal } = new AbortController();
    const running = jobs.check('running', signal);
    await expect(jobs.check('late', signal)).rejects.toEqual(OVERLOADED);
    await jobs.endAll();
    await running;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('goes on after a job that fails, and hands its error on', async () => {
    const jobs = new Jobs();
    const failure = new Error('bcrypt failed');
    const failing = jobs.queue.check(() => Promise.reject(failure));
    const next = jobs.check('next');
    await expect(failing).rejects.toBe(failure);
    await jobs.endAll();
    await expect(next).resolves.toBe('next');
  });
});
