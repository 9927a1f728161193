import { API_KEYS, WHO_AM_I } from '../contract/paths.mjs';
import { API_KEY, CALLER, CREATED_API_KEY, misfits } from '../contract/schemas.mjs';
import { Deviation, demand, assertNoFault } from './demand.mjs';
import { errorFault } from '../contract/error-answers.mjs';
import { assertRefusal } from './refusals.mjs';

const DAY_MS = 86_400_000;

const begin = () => ({ created: null, seen: [] });

const checks = {
  'a key is created with 201 and the fields of the contract': async (client, session) => {
    const answer = await client.post(API_KEYS, { name: 'conformance' });
    demand('status', answer.status, 201);
    demand('fields that do not fit', misfits(CREATED_API_KEY, answer.body), []);
    session.created = answer.body;
    const { name, is_active, last_used_at, expires_at } = answer.body;
    const expected = { name: 'conformance', is_active: true, last_used_at: null, expires_at: null };
    demand('values', { name, is_active, last_used_at, expires_at }, expected);
  },
  'its plain text begins with its key_prefix and goes on': async (_client, session) => {
    const { key_prefix: prefix, plain_text_key: plain } = made(session);
    demand('begins with key_prefix', plain.startsWith(prefix) && plain.length >= prefix.length + 20, true);
  },
  'the new key is a caller at once': async (client, session) => {
    const answer = await client.send({ path: WHO_AM_I, key: made(session).plain_text_key });
    demand('status', answer.status, 200);
    demand('fields that do not fit', misfits(CALLER, answer.body), []);
    session.seen.push(answer.text);
  },
  'it belongs to the organization of the key that created it': async (client, session) => {
    const [creator, created] = await Promise.all([
      client.send({ path: WHO_AM_I }),
      client.send({ path: WHO_AM_I, key: made(session).plain_text_key }),
    ]);
    demand('organization_id', created.body.organization_id ?? null, creator.body.organization_id);
    demand('a caller', typeof creator.body.organization_id, 'string');
  },
  'the list shows it as it was created': async (client, session) => {
    const answer = await client.send({ path: API_KEYS });
    demand('status', answer.status, 200);
    demand('keys that do not fit', answer.body.filter((key) => misfits(API_KEY, key).length > 0).length, 0);
    session.seen.push(answer.text);
    const created = made(session);
    const listed = answer.body.find(({ id }) => id === created.id) ?? {};
    // It may have been used by now: last_used_at is free to change.
    for (const field of Object.keys(API_KEY).filter((name) => name !== 'last_used_at')) {
      demand(`${field} in the list`, listed[field], created[field]);
    }
  },
  'a key keeps the scopes and the expires_at that it was given': async (client) => {
    const expiry = new Date(Math.floor((Date.now() + DAY_MS) / 1000) * 1000);
    const asked = { name: 'conformance', scopes: ['conformance:read'], expires_at: expiry.toISOString() };
    const { status, body } = await client.post(API_KEYS, asked);
    demand('status', status, 201);
    demand('scopes', body.scopes, asked.scopes);
    demand('expires_at', Date.parse(body.expires_at), expiry.getTime());
  },
  'a revocation is answered 204 without a body': async (client, session) => {
    const answer = await client.send({ method: 'DELETE', path: `${API_KEYS}/${made(session).id}` });
    demand('status and body', `${answer.status} ${answer.text}`, '204 ');
  },
  'the revoked key is refused at once': async (client, session) => {
    assertRefusal(await client.send({ path: WHO_AM_I, key: made(session).plain_text_key }));
  },
  'a key is revoked once, the second time is 404': async (client, session) => {
    const answer = await client.send({ method: 'DELETE', path: `${API_KEYS}/${made(session).id}` });
    session.seen.push(answer.text);
    assertNoFault(errorFault(answer, 404), 'an ErrorResponse with 404', answer);
  },
  'the list no longer shows the revoked key as active': async (client, session) => {
    const answer = await client.send({ path: API_KEYS });
    demand('status', answer.status, 200);
    session.seen.push(answer.text);
    demand('is_active', answer.body.find(({ id }) => id === made(session).id)?.is_active ?? false, false);
  },
  'plain text is in the answer to the creation and in no other': async (_client, session) => {
    const { plain_text_key: plain, key_prefix: prefix } = made(session);
    const secret = plain.slice(prefix.length);
    demand('answers examined', session.seen.length, 4);
    demand('answers with the secret', session.seen.filter((text) => text.includes(secret)).length, 0);
    demand('answers with plain_text_key', session.seen.filter((text) => text.includes('plain_text_key')).length, 0);
  },
};

function made({ created }) {
  if (created === null) throw new Deviation('no key was created', 'a created key', 'none');
  return created;
}

/** The life of a key, from its creation to its revocation. */
export const lifecycle = { name: 'lifecycle', begin, checks };
