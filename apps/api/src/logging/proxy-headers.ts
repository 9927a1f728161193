import { type IncomingHttpHeaders, type IncomingMessage, METHODS } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';

/** What a client may put there by mistake, a key above all, has other characters or is longer. */
const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9.:#=+/-]{0,49}$/;

/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/;

/** Longer parts of a path than a UUID may be keys. */
const LONG_PART = /[^/]{37,}/g;
const MAX_PATH_LENGTH = 256;

/** A proxy may have decoded the path, and a terminal would obey some of it. */
const UNPRINTABLE = /[^!-~]+/g;

/** What a gateway says of the request that it asks about. */
export interface ForwardedRequest {
  readonly forwarded_method?: string;
  readonly forwarded_path?: string;
}

/** Reads the headers of trusted proxies. What others send under their names is ignored, since it may be anything. */
export class ProxyHeaders {
  readonly #isTrusted: (address: string, hop: number) => boolean;

  constructor(trustedProxies: readonly string[]) {
    this.#isTrusted = proxyAddr.compile([...trustedProxies]);
  }

  /** The id that the proxy gave the request. */
  requestId(request: IncomingMessage): string | undefined {
    const id = oneOf(this.trusted(request), 'x-request-id');
    return id !== undefined && REQUEST_ID.test(id) ? id : undefined;
  }

  /** The trace that the request belongs to. */
  traceId(request: IncomingMessage): string | null {
    return TRACEPARENT.exec(oneOf(this.trusted(request), 'traceparent') ?? '')?.[1] ?? null;
  }

  /** The request that a gateway asks about: its method, and its path without the query, which may hold secrets. */
  forwarded(request: IncomingMessage): ForwardedRequest {
    const headers = this.trusted(request);
    const method = oneOf(headers, 'x-original-method', 'x-forwarded-method');
    const path = oneOf(headers, 'x-original-uri', 'x-forwarded-uri')?.split(/[?#]/, 1)[0];
    return {
      ...(method !== undefined && METHODS.includes(method) ? { forwarded_method: method } : {}),
      ...(path?.startsWith('/') ? { forwarded_path: shown(path) } : {}),
    };
  }

  private trusted({ socket, headers }: IncomingMessage): IncomingHttpHeaders {
    return this.#isTrusted(socket.remoteAddress ?? '', 0) ? headers : {};
  }
}

function shown(path: string): string {
  return path.replace(UNPRINTABLE, '?').replace(LONG_PART, '*').slice(0, MAX_PATH_LENGTH);
}

/** The first of these headers that the request has. */
function oneOf(headers: IncomingHttpHeaders, ...names: readonly string[]): string | undefined {
  const value = names.map((name) => headers[name]).find((given) => given !== undefined);
  return typeof value === 'string' ? value : undefined;
}
