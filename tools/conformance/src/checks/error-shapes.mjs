import { errorFault, validationErrorFault } from '../contract/error-answers.mjs';
import { API_KEYS, WHO_AM_I } from '../contract/paths.mjs';
import { demand, assertNoFault } from './demand.mjs';

const NOBODYS_KEY = '00000000-0000-4000-8000-000000000000';
const OVER_ONE_MEBIBYTE = 1_048_577;
const JSON_TYPE = { 'content-type': 'application/json' };

const answered = (status, request) => async (client) => {
  const answer = await client.send(request);
  assertNoFault(errorFault(answer, status), `an ErrorResponse with ${status}`, answer);
};

const posted = (status, value) => async (client) => {
  const answer = await client.post(API_KEYS, value);
  assertNoFault(errorFault(answer, status), `an ErrorResponse with ${status}`, answer);
};

const notAllowed = (method, path, allowed) => async (client) => {
  const answer = await client.send({ method, path });
  assertNoFault(errorFault(answer, 405), 'an ErrorResponse with 405', answer);
  const allow = (answer.headers.allow ?? '').split(/\s*,\s*/);
  demand(
    'methods missing in Allow',
    allowed.filter((name) => !allow.includes(name)),
    [],
  );
  demand('the refused method in Allow', allow.includes(method), false);
};

const invalid = (request) => async (client) => {
  const answer = await client.send(request);
  assertNoFault(validationErrorFault(answer), 'an HTTPValidationError', answer);
};

const checks = {
  'an unknown path is 404': answered(404, { path: '/v1/identity/nothing-here' }),
  "nobody's key is 404": answered(404, { method: 'DELETE', path: `${API_KEYS}/${NOBODYS_KEY}` }),
  'PUT on the keys is 405 with Allow': notAllowed('PUT', API_KEYS, ['GET', 'POST']),
  'PATCH on the keys is 405 with Allow': notAllowed('PATCH', API_KEYS, ['GET', 'POST']),
  'POST on whoami is 405 with Allow': notAllowed('POST', WHO_AM_I, ['GET']),
  'PUT on one key is 405 with Allow': notAllowed('PUT', `${API_KEYS}/${NOBODYS_KEY}`, ['DELETE']),
  'a body over 1 MiB is 413': answered(413, {
    method: 'POST',
    path: API_KEYS,
    headers: JSON_TYPE,
    body: Buffer.alloc(OVER_ONE_MEBIBYTE, ' '),
  }),
  'bytes that are no text are 400': answered(400, {
    method: 'POST',
    path: API_KEYS,
    headers: JSON_TYPE,
    body: Buffer.from('{"name":"\xff"}', 'latin1'),
  }),
  'an expires_at in the past is 400': posted(400, { name: 'conformance', expires_at: '2020-01-01T00:00:00Z' }),
  'a NUL in a name is 400': posted(400, { name: 'confor\u0000mance' }),
  'a missing body is 422': invalid({ method: 'POST', path: API_KEYS, headers: JSON_TYPE, body: Buffer.alloc(0) }),
  'a key_id that is no UUID is 422': invalid({ method: 'DELETE', path: `${API_KEYS}/none` }),
};

/** Every error has the shape of ErrorResponse or HTTPValidationError. */
export const errorShapes = { name: 'errors', checks };
