import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { HttpReader } from '../traffic/http-reader.mjs';

const KEPT_MS = 300;

/**
 * A reverse proxy before one instance that answers from memory for a while, as a gateway with a cache does: the
 * deliberate fault that the bench must find. It takes requests that come as one piece each, as the bench sends them.
 */
export class StaleCache {
  #kept = new Map();
  #server;
  #target;

  /** @param target - gives the port of the instance */
  static async open(target) {
    const cache = new StaleCache(target);
    cache.#server.listen(0, '127.0.0.1');
    await once(cache.#server, 'listening');
    return cache;
  }

  constructor(target) {
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  get port() {
    return this.#server.address().port;
  }

  close() {
    this.#server.close();
  }

  #accept(client) {
    const upstream = connect(this.#target(), '127.0.0.1').setNoDelay(true);
    const reader = new HttpReader();
    let asked = '';
    client.setNoDelay(true).on('data', (bytes) => {
      asked = bytes.latin1Slice();
      const kept = this.#kept.get(asked);
      if (kept !== undefined && performance.now() < kept.until) client.write(kept.bytes);
      else upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      const until = performance.now() + KEPT_MS;
      const [answer] = reader.push(bytes);
      if (answer?.status === 200 && asked.startsWith('GET ')) this.#kept.set(asked, { until, bytes });
      client.write(bytes);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      one.on('error', () => undefined).on('close', () => other.destroy());
    }
  }
}
