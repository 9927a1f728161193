import { bodyOf, readCorpus } from '../corpus/read-corpus.mjs';
import { additionalCall } from './additions.mjs';
import { hostileHeaders, hostileKeys, hostileMethod, hostilePath } from './hostile-parts.mjs';
import { mutateBytes } from './mutate.mjs';

const CASES = readCorpus();
// Each creation costs the service a bcrypt run: few of them say enough.
const ACCEPTED = CASES.filter(({ expect }) => expect.status === 201);
const REFUSED = CASES.filter(({ expect }) => expect.status !== 201);
const CLOSE = ['Connection', 'close'];

/** The bytes of a request or more; `ids` are those of keys that may be revoked. */
export function hostileRequest(random, key, ids) {
  const sources = [fromCorpus, fromCorpus, fromNothing, fromAdditions];
  const sent = random.pick(sources)(random, key, ids);
  const bytes = written(sent);
  if (random.oneIn(10)) return mutateBytes(random, bytes, 4);
  if (random.oneIn(50)) return Buffer.concat([written({ ...sent, close: false }), bytes]);
  return random.oneIn(100) ? random.bytes(random.int(300)) : bytes;
}

/** What a real FastAPI was asked, with a body that it was not. */
function fromCorpus(random, key) {
  const { request } = random.pick(random.oneIn(10) ? ACCEPTED : REFUSED);
  const body = bodyOf(request);
  return {
    method: request.method,
    path: request.path,
    headers: random.oneIn(5) ? hostileHeaders(random) : Object.entries(request.headers),
    keys: random.oneIn(4) ? hostileKeys(random, key) : [key],
    body: body === null || random.oneIn(4) ? body : mutateBytes(random, body),
    close: true,
  };
}

/** What the contract does not have, right or nearly so. */
function fromAdditions(random, key, ids) {
  const { method, path, body } = additionalCall(random, ids);
  return {
    method: random.oneIn(10) ? hostileMethod(random) : method,
    path: random.oneIn(4) ? mutateBytes(random, Buffer.from(path), 2).toString('latin1') : path,
    headers: random.oneIn(5) ? hostileHeaders(random) : [['Content-Type', 'application/json']],
    keys: random.oneIn(4) ? hostileKeys(random, key) : [key],
    body: body === null || random.oneIn(2) ? body : mutateBytes(random, body),
    close: true,
  };
}

function fromNothing(random, key, ids) {
  return {
    method: hostileMethod(random),
    path: hostilePath(random, ids),
    headers: hostileHeaders(random),
    keys: hostileKeys(random, key),
    body: random.oneIn(3) ? random.bytes(random.int(200)) : null,
    close: true,
  };
}

function written({ method, path, headers, keys, body, close }) {
  const lines = [
    ['Host', 'localhost'],
    ...(close ? [CLOSE] : []),
    ...keys.map((key) => ['X-Api-Key', key]),
    ...headers,
    ...(body === null ? [] : [['Content-Length', String(body.length)]]),
  ];
  const head = `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body ?? Buffer.alloc(0)]);
}
