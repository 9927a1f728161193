import type { Defect } from '../support/spoiling-proxy.js';
import { asking, creating, header, json, lenient, listing, withStatus } from './spoil.js';

/** A defect of a deployment, the group that is to find it, and the checks that must. */
export type KnownDefect = Defect & { readonly group: string; readonly found: readonly string[] };

const LENGTH_OF_A_KEY = 55;

/** By what is wrong. */
export const DEFECTS: Readonly<Record<string, KnownDefect>> = {
  'lets answers be stored': {
    group: 'headers',
    answer: ({ headers }) => delete headers['cache-control'],
    found: ['whoami (200)', 'the list (200)', 'a creation (201)', 'a revocation (204)', 'a refusal (401)'],
  },
  'names its software': {
    group: 'headers',
    answer: ({ headers }) => (headers['x-powered-by'] = 'Express'),
    found: ['an unknown path (404)', 'another method (405)', 'an invalid body (422)', 'a rule of the domain (400)'],
  },
  'names the charset of JSON': {
    group: 'headers',
    answer: ({ headers }) => {
      if (headers['content-type'] === 'application/json') headers['content-type'] += '; charset=utf-8';
    },
    found: ['whoami (200)', 'the list (200)', 'a creation (201)', 'a refusal (401)', 'an invalid body (422)'],
  },
  'answers 204 with a content type': {
    group: 'headers',
    answer: withStatus(204, ({ headers }) => (headers['content-type'] = 'application/json')),
    found: ['a revocation (204)'],
  },
  'refuses in other words': {
    group: 'refusals',
    answer: withStatus(401, (answer) => (answer.text = '{"error":"authentication_required","message":"No."}')),
    found: ['no key', 'junk for a key', 'a typo at the end of a key', 'no key is told before the body is read'],
  },
  'refuses without a challenge': {
    group: 'refusals',
    answer: withStatus(401, ({ headers }) => delete headers['www-authenticate']),
    found: ['no key', 'an empty key', 'a list without a key', 'no key is told before the path is validated'],
  },
  'picks one of two keys': {
    group: 'refusals',
    request: lenient((request) => header('x-api-key')(request)?.split(', ')[0]),
    found: ['two keys, though each is valid'],
  },
  'takes keys from Authorization, queries and cookies': {
    group: 'refusals',
    request: lenient(
      (request) =>
        request.headers.authorization?.slice('Bearer '.length) ??
        /[?&]x-api-key=(\w+)/.exec(request.path)?.[1] ??
        /x-api-key=(\w+)/.exec(request.headers.cookie ?? '')?.[1],
    ),
    found: ['a key as a Bearer token', 'a key in the query', 'a key in a cookie'],
  },
  'ignores what follows a key': {
    group: 'refusals',
    request: lenient((request) => header('x-api-key')(request)?.slice(0, LENGTH_OF_A_KEY)),
    found: ['a key with something behind it'],
  },
  'forgets to revoke': {
    group: 'lifecycle',
    request: (request) => {
      if (request.method === 'DELETE') Object.assign(request, { method: 'GET', path: '/healthz' });
    },
    answer: (answer, { path }) => {
      if (path === '/healthz') Object.assign(answer, { status: 204, headers: {}, text: '' });
    },
    found: [
      'the revoked key is refused at once',
      'a key is revoked once, the second time is 404',
      'the list no longer shows the revoked key as active',
    ],
  },
  'lists plain text': {
    group: 'lifecycle',
    answer: json(listing, (keys: object[]) => keys.map((key) => ({ ...key, plain_text_key: 'fth_live_spoiled' }))),
    found: ['plain text is in the answer to the creation and in no other'],
  },
  'lists another name': {
    group: 'lifecycle',
    answer: json(listing, (keys: object[]) => keys.map((key) => ({ ...key, name: 'another' }))),
    found: ['the list shows it as it was created'],
  },
  'creates keys without a prefix': {
    group: 'lifecycle',
    answer: json(creating, (key: object) => ({ ...key, key_prefix: undefined })),
    found: ['a key is created with 201 and the fields of the contract'],
  },
  'shifts the end of a key': {
    group: 'lifecycle',
    answer: json(creating, (key: { expires_at: string | null }) => ({
      ...key,
      expires_at: key.expires_at?.replace('Z', '+02:00') ?? null,
    })),
    found: ['a key keeps the scopes and the expires_at that it was given'],
  },
  'moves callers to another organization': {
    group: 'lifecycle',
    answer: json(asking, (caller: object) => ({ ...caller, organization_id: crypto.randomUUID() })),
    found: ['it belongs to the organization of the key that created it'],
  },
  'shows the errors of its framework': {
    group: 'errors',
    answer: withStatus(
      404,
      (answer) => (answer.text = '{"statusCode":404,"message":"Cannot GET","error":"Not Found"}'),
    ),
    found: ['an unknown path is 404', "nobody's key is 404"],
  },
  'keeps the allowed methods to itself': {
    group: 'errors',
    answer: ({ headers }) => delete headers.allow,
    found: [
      'PUT on the keys is 405 with Allow',
      'POST on whoami is 405 with Allow',
      'PUT on one key is 405 with Allow',
    ],
  },
  'answers errors as text': {
    group: 'errors',
    answer: ({ headers }) => (headers['content-type'] = 'text/plain'),
    found: ['a body over 1 MiB is 413', 'bytes that are no text are 400', 'a missing body is 422'],
  },
  'calls everything a bad request': {
    group: 'errors',
    answer: (answer) => {
      if (answer.status === 413 || answer.status === 422) answer.status = 400;
    },
    found: ['a body over 1 MiB is 413', 'a missing body is 422', 'a key_id that is no UUID is 422'],
  },
  'validates with other words': {
    group: 'name_missing',
    answer: withStatus(422, (answer) => (answer.text = answer.text.replaceAll('Field required', 'field required'))),
    found: ['name_missing.001'],
  },
  'answers a creation with 200': {
    group: 'scopes_type',
    answer: withStatus(201, (answer) => (answer.status = 200)),
    found: ['scopes_type.015'],
  },
};
