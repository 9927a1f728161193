import { mutateBytes } from './mutate.mjs';

const ROUTES = [
  ...['/v1/identity/api-keys', '/v1/identity/whoami', '/v1/identity/api-keys/0b6f5c1e-8d2a-4f3b-9c7e-1a2b3c4d5e6f'],
  ...['/healthz', '/readyz', '/openapi.json', '/docs', '/docs/start.js', '/', '*', '/v1', '/v1/identity/'],
];
const METHODS = [
  ...['GET', 'GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'MKCOL', 'LOCK', 'QUERY'],
];
const CONTENT_TYPES = [
  ...['application/json', 'application/json', 'application/json; charset=utf-16', 'application/problem+json', ''],
  ...[
    'text/plain',
    'application/json\ta',
    'application/json, text/plain',
    'multipart/form-data; boundary=x',
    ';;',
    '/',
  ],
];
const HEADERS = [
  ...[
    ['Expect', '100-continue'],
    ['Expect', 'tea'],
    ['Range', 'bytes=0-1'],
    ['If-None-Match', '*'],
    ['Accept', 'text/html'],
  ],
  ...[
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Content-Encoding', 'gzip'],
    ['X-HTTP-Method-Override', 'DELETE'],
  ],
  ...[
    ['X-Forwarded-Host', 'evil'],
    ['X-Original-URL', '/docs'],
    ['Origin', 'http://evil'],
    ['Accept-Encoding', 'br'],
  ],
  ...[
    ['Cookie', 'a=b; a=c'],
    ['Authorization', 'Basic Og=='],
    ['Host', 'evil'],
    ['Host', ''],
    ['Transfer-Encoding', 'chunked'],
  ],
  ...[
    ['Content-Length', '5'],
    ['Content-Length', '-1'],
    ['X-Long', 'x'.repeat(15_000)],
    ['X-Longer', 'x'.repeat(17_000)],
  ],
];
const QUERIES = [
  '',
  '',
  '',
  '?',
  '?limit=0',
  '?x-api-key=a',
  '?a[b]=c&a=1',
  '?%ff',
  '?__proto__[x]=1',
  `?${'q'.repeat(2000)}`,
];

/** Any method that Node's parser knows. */
export const hostileMethod = (random) => random.pick(METHODS);

/** A path near or far from a route. */
export function hostilePath(random, ids) {
  const path = ids.length > 0 && random.oneIn(20) ? `/v1/identity/api-keys/${random.pick(ids)}` : random.pick(ROUTES);
  const target = random.oneIn(3) ? mutateBytes(random, Buffer.from(path), 2).toString('latin1') : path;
  return (random.oneIn(20) ? `http://evil${target}` : target) + random.pick(QUERIES);
}

/** Header lines, mostly harmless. */
export function hostileHeaders(random) {
  const lines = random.oneIn(4) ? [] : [['Content-Type', random.pick(CONTENT_TYPES)]];
  while (random.oneIn(3)) lines.push(random.pick(HEADERS));
  return lines;
}

/** Mostly the key, sometimes none, a damaged one or two. */
export function hostileKeys(random, key) {
  switch (random.int(10)) {
    case 0:
      return [];
    case 1:
      return [
        random
          .bytes(random.int(70))
          .toString('latin1')
          .replace(/[\0\r\n]/g, ''),
      ];
    case 2:
      return [mutateBytes(random, Buffer.from(key), 2).toString('latin1')];
    case 3:
      return [key, key];
    default:
      return [key];
  }
}
