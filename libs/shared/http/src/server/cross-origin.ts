import type { onRequestHookHandler } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { RouteTable } from './route-table.js';

/** Which pages of other origins may use the API, by the CORS protocol. Cookies and other credentials are never allowed. */
export interface CrossOriginOptions {
  /** Exact origins like `https://app.example.com`. `*` stands for every origin. */
  readonly origins: readonly string[];
  /** Headers of answers that such a page may read, besides those that every page may. */
  readonly exposedHeaders: readonly string[];
  /** Requests that no such page may make. Default: none. */
  readonly excludes?: (request: IncomingMessage) => boolean;
}

/** How long a browser may remember the answer to a preflight. */
const MAX_AGE_SECONDS = 600;

/**
 * Answers pages of other origins.
 *
 * @see {@link https://fetch.spec.whatwg.org/#http-cors-protocol | The CORS protocol}
 */
export class CrossOrigin {
  readonly #isOpen: boolean;
  readonly #origins: ReadonlySet<string>;
  readonly #exposed: string;
  readonly #excludes: (request: IncomingMessage) => boolean;

  constructor(
    { origins, exposedHeaders, excludes = () => false }: CrossOriginOptions,
    private readonly routes: RouteTable,
  ) {
    this.#isOpen = origins.includes('*');
    this.#origins = new Set(origins);
    this.#exposed = exposedHeaders.join(', ');
    this.#excludes = excludes;
  }

  /** Lets the page read the answer, whatever it will be. */
  readonly allowOrigin: onRequestHookHandler = ({ raw, headers: { origin } }, reply, done) => {
    if (!this.#isOpen) void reply.header('Vary', 'Origin');
    if (origin !== undefined && !this.#excludes(raw) && (this.#isOpen || this.#origins.has(origin))) {
      void reply.header('Access-Control-Allow-Origin', this.#isOpen ? '*' : origin);
      void reply.header('Access-Control-Expose-Headers', this.#exposed);
    }
    done();
  };

  /** Answers what a browser asks before it sends a request. The question has no key, and needs none. */
  readonly answerPreflight: onRequestHookHandler = (request, reply, done) => {
    const { 'access-control-request-method': method, 'access-control-request-headers': names } = request.headers;
    const isPreflight = request.method === 'OPTIONS' && method !== undefined;
    const methods = isPreflight && reply.hasHeader('Access-Control-Allow-Origin') ? this.routes.methodsOf(request) : [];
    if (methods.length === 0) {
      done();
      return;
    }
    if (names !== undefined) void reply.header('Access-Control-Allow-Headers', names);
    void reply.header('Access-Control-Allow-Methods', methods.join(', '));
    void reply.header('Access-Control-Max-Age', String(MAX_AGE_SECONDS));
    void reply.status(204).send();
  };
}
