import { fileURLToPath } from 'node:url';
import { REVOKED_INDEX, tokenAt } from '../keys.mjs';
import { disagreement, systemCpuTime } from '../process/cpu-time.mjs';
import { startWorker } from '../process/worker.mjs';
import { progress } from '../report/progress.mjs';

const SERVER = fileURLToPath(new URL('../server.mjs', import.meta.url));
const CLIENT = fileURLToPath(new URL('../client.mjs', import.meta.url));

/** Full collections that age a process, each followed by traffic. */
const COLLECTIONS = 4;

/** A server with one variant and its load generator, both new and on one core. */
class Pair {
  #server;
  #client;
  #variant;
  #connections;
  #address;
  #sent = REVOKED_INDEX + 1;

  constructor(variant, where, { core, clientCore = core, connections }) {
    this.#variant = variant;
    this.#connections = connections;
    const env = { BENCH_VARIANT: JSON.stringify({ ...variant, ...where }) };
    this.#server = startWorker(SERVER, { core, env, execArgv: ['--expose-gc'] });
    this.#client = startWorker(CLIENT, { core: clientCore });
  }

  /** Waits for the server and proves that it refuses a wrong key and takes the right one. Throws when it does not. */
  async prove() {
    this.#address = await this.#server.ask('ready');
    const { name, path, isOpen } = this.#variant;
    const { port, key } = this.#address;
    const status = async (sent) => (await this.#client.ask('one', { port, path, key: sent })).status;
    const expected = isOpen
      ? [[null, 200]]
      : [
          [key, 200],
          [tokenAt(-1), 401],
          [`${key}x`, 401],
          [key, 200],
        ];
    for (const [sent, wanted] of expected) {
      const got = await status(sent);
      if (got !== wanted) throw new Error(`${name} answers ${got} where ${wanted} is right.`);
    }
  }

  /**
   * Builds so many requests, with the variant's key or this one, and gives what sends them, which throws when an answer is not
   * what the variant says.
   */
  async prepare(count, key = this.#address.key) {
    const { name, path, traffic, passes } = this.#variant;
    const { port } = this.#address;
    const first = this.#sent;
    this.#sent += count;
    await this.#client.ask('prepare', { path, count, traffic: { ...traffic, key, first } });
    return async () => {
      const statuses = await this.#client.ask('run', { port, connections: this.#connections });
      if (statuses[passes] !== count) throw new Error(`${name} answered ${JSON.stringify(statuses)}.`);
    };
  }

  async warmUp(count, key) {
    const run = await this.prepare(count, key);
    await run();
  }

  /** CPU time of the server a request, in microseconds. */
  async measure(count, key) {
    const run = await this.prepare(count, key);
    const before = [await this.#server.ask('cpu'), systemCpuTime(this.#server.pid)];
    await run();
    const own = (await this.#server.ask('cpu')) - before[0];
    const system = before[1] === null ? null : systemCpuTime(this.#server.pid) - before[1];
    const doubt = disagreement(own, system);
    if (doubt !== null) progress(`doubtful: ${this.#variant.name}: ${doubt}`);
    return own / count;
  }

  /** Makes an old process of a new one. */
  async age(count) {
    for (let done = 0; done < COLLECTIONS; done += 1) {
      await this.#server.ask('collectGarbage');
      await this.warmUp(Math.ceil(count / COLLECTIONS));
    }
  }

  /** What runs while `count` requests are answered, in microseconds of own time a request and by function. */
  async profile(count) {
    const run = await this.prepare(count);
    await this.#server.ask('startProfile');
    await run();
    const { functions, profile } = await this.#server.ask('stopProfile');
    return { profile, functions: Object.entries(functions).map(([name, time]) => [name, time / count]) };
  }

  async stop() {
    await Promise.all([this.#client.stop(), this.#server.stop()]);
  }
}

/** Runs `work` with a proven pair of processes and ends them. */
export async function withPair(variant, databases, options, work) {
  const pair = new Pair(variant, await placeOf(variant, databases), options);
  try {
    await pair.prove();
    return await work(pair);
  } finally {
    await pair.stop();
  }
}

function placeOf({ database, keys, empty }, databases) {
  if (database === undefined) return {};
  return keys === undefined ? databases.empty(database, empty) : databases.withKeys(database, keys);
}
