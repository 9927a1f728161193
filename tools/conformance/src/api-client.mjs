import http from 'node:http';
import https from 'node:https';
import { setTimeout } from 'node:timers/promises';
import { WHO_AM_I } from './contract/paths.mjs';

const PATIENCE_MS = 15_000;
const LONGEST_PAUSE_S = 60;
const SOCKETS = 4;

/** Sends requests to one deployment exactly as they are given, with the key in the header unless told otherwise. */
export class ApiClient {
  #base;
  #key;
  #observe;
  #transport;
  #agent;

  /**
   * `observe` sees every answer.
   * @param {URL} base
   * @param {string} key
   * @param {(answer: any) => void} observe
   */
  constructor(base, key, observe = () => undefined) {
    this.#base = base;
    this.#key = key;
    this.#observe = observe;
    this.#transport = base.protocol === 'https:' ? https : http;
    this.#agent = new this.#transport.Agent({ keepAlive: true, maxSockets: SOCKETS });
  }

  /** Why nothing can be sent to the deployment, or null. */
  async unreachable() {
    return this.send({ path: WHO_AM_I }).then(
      () => null,
      (error) => error.code ?? error.message,
    );
  }

  /**
   * Sends a request; `key` replaces the key of the run, null sends none. A 429 with Retry-After is waited out: limits
   * on the rate of requests are not what is being examined.
   * @param {Record<string, any>} request
   */
  async send(request) {
    for (;;) {
      const answer = await this.#exchange(request);
      const pause = Number(answer.headers['retry-after']);
      if (answer.status !== 429 || !(pause >= 0 && pause <= LONGEST_PAUSE_S)) {
        this.#observe(answer);
        return answer;
      }
      await setTimeout(pause * 1000);
    }
  }

  /**
   * A POST of a JSON value.
   * @param {string} path
   * @param {unknown} value
   */
  post(path, value) {
    const headers = { 'content-type': 'application/json' };
    return this.send({ method: 'POST', path, headers, body: Buffer.from(JSON.stringify(value)) });
  }

  close() {
    this.#agent.destroy();
  }

  /** @param {Record<string, any>} request */
  #exchange({ method = 'GET', path, headers = {}, body = null, key = this.#key }) {
    const options = {
      agent: this.#agent,
      hostname: this.#base.hostname.replace(/^\[|\]$/g, ''),
      port: this.#base.port,
      method,
      path: this.#base.pathname.replace(/\/$/, '') + path,
      headers: {
        ...headers,
        ...(key === null ? {} : { 'x-api-key': key }),
        ...(body === null ? {} : { 'content-length': body.length }),
      },
    };
    return new Promise((resolve, reject) => {
      const outgoing = this.#transport.request(options, (incoming) => read(incoming).then(resolve, reject));
      outgoing.setTimeout(PATIENCE_MS, () => outgoing.destroy(new Error('no answer in 15 s')));
      outgoing.on('error', reject);
      outgoing.end(body ?? undefined);
    });
  }
}

async function read(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return { status: incoming.statusCode, headers: incoming.headers, text, body: parsed(text) };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
