import { API_KEYS, WHO_AM_I } from '../contract/paths.mjs';
import { demand } from './demand.mjs';

const BODY =
  '{"error":"authentication_required","message":"No valid API key was provided. Pass your key in the x-api-key header."}';
const JSON_TYPE = { 'content-type': 'application/json' };

/** Demands the one answer to everybody without a valid key, byte for byte. */
export function assertRefusal({ status, text, headers }) {
  demand('status and body', `${status} ${text}`, `401 ${BODY}`);
  demand('WWW-Authenticate', headers['www-authenticate'] ?? null, 'ApiKey realm="identity"');
  demand('Cache-Control', headers['cache-control'] ?? null, 'no-store');
  demand('Content-Type', headers['content-type'] ?? null, 'application/json');
}

const refused = (request) => async (client) =>
  assertRefusal(await client.send({ path: WHO_AM_I, key: null, ...request }));

const begin = () => ({ key: null });

/** A key to misuse: that of the run stays out of places where it would be logged. */
async function keyOf(session, client) {
  if (session.key === null) {
    const { status, body } = await client.post(API_KEYS, { name: 'conformance' });
    demand('status of the creation of a key to misuse', status, 201);
    session.key = body.plain_text_key;
  }
  return session.key;
}

const misplaced = (place) => async (client, session) => {
  const key = await keyOf(session, client);
  assertRefusal(await client.send({ path: WHO_AM_I, key: null, ...place(key) }));
};

/** The same character never stays: 'a' becomes 'b', everything else 'a'. */
const typo = (key, at) => key.slice(0, at) + (key[at] === 'a' ? 'b' : 'a') + key.slice(at + 1);

const checks = {
  'no key': refused({}),
  'an empty key': refused({ key: '' }),
  'junk for a key': refused({ key: 'null' }),
  'a list without a key': refused({ path: API_KEYS }),
  'no key is told before the body is read': refused({
    method: 'POST',
    path: API_KEYS,
    headers: JSON_TYPE,
    body: Buffer.from('{'),
  }),
  'no key is told before the path is validated': refused({ method: 'DELETE', path: `${API_KEYS}/not-a-uuid` }),
  'a typo in the middle of a key': misplaced((key) => ({ key: typo(key, key.length >> 1) })),
  'a typo at the end of a key': misplaced((key) => ({ key: typo(key, key.length - 1) })),
  'a key in other letter case': misplaced((key) => ({ key: key.toUpperCase() })),
  'a key with something behind it': misplaced((key) => ({ key: `${key}x` })),
  'two keys, though each is valid': misplaced((key) => ({ headers: { 'x-api-key': [key, key] } })),
  'a key as a Bearer token': misplaced((key) => ({ headers: { authorization: `Bearer ${key}` } })),
  'a key in the query': misplaced((key) => ({ path: `${WHO_AM_I}?x-api-key=${key}` })),
  'a key in a cookie': misplaced((key) => ({ headers: { cookie: `x-api-key=${key}` } })),
};

/** Who is refused: everybody without a valid key in the header, in the same words. */
export const refusals = { name: 'refusals', begin, checks };
