import { API_KEYS, WHO_AM_I } from '../contract/paths.mjs';
import { demand } from './demand.mjs';

const TELLTALES = ['server', 'x-powered-by', 'access-control-allow-origin'];

/** Each answer has the status that tells which one it is, may be stored nowhere and names no software. */
const safe = (status, send) => async (client) => {
  const answer = await send(client);
  demand('status', answer.status, status);
  demand('Cache-Control', answer.headers['cache-control'] ?? null, 'no-store');
  demand('X-Content-Type-Options', answer.headers['x-content-type-options'] ?? null, 'nosniff');
  demand(
    'headers that tell too much',
    TELLTALES.filter((name) => name in answer.headers),
    [],
  );
  const type = answer.headers['content-type'] ?? null;
  demand('Content-Type', type, status === 204 ? null : 'application/json');
};

const creation = (client) => client.post(API_KEYS, { name: 'conformance' });

const revocation = async (client) => {
  const { body } = await creation(client);
  return client.send({ method: 'DELETE', path: `${API_KEYS}/${body.id}` });
};

const checks = {
  'whoami (200)': safe(200, (client) => client.send({ path: WHO_AM_I })),
  'the list (200)': safe(200, (client) => client.send({ path: API_KEYS })),
  'a creation (201)': safe(201, creation),
  'a revocation (204)': safe(204, revocation),
  'a rule of the domain (400)': safe(400, (client) => client.post(API_KEYS, { name: '\u0000' })),
  'a refusal (401)': safe(401, (client) => client.send({ path: WHO_AM_I, key: null })),
  'an unknown path (404)': safe(404, (client) => client.send({ path: '/v1/identity/nothing-here' })),
  'another method (405)': safe(405, (client) => client.send({ method: 'PUT', path: WHO_AM_I })),
  'an invalid body (422)': safe(422, (client) => client.post(API_KEYS, {})),
};

/** Content types, and the headers that every answer carries. */
export const headers = { name: 'headers', checks };
