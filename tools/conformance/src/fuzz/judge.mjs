import { ERROR_CODES, errorFault, validationErrorFault } from '../contract/error-answers.mjs';
import { additionFault, CSV } from './additions.mjs';
import { API_KEY, CALLER, CREATED_API_KEY, misfits } from '../contract/schemas.mjs';

const PAGES = /^text\/(html|css|javascript); charset=utf-8$/;
const TELLTALES = ['server', 'x-powered-by', 'access-control-allow-origin'];

/** Why an answer is none that the contract has, or null. */
export function judge(answer) {
  const { status, headers, text } = answer;
  if (status >= 500) return `status ${status}`;
  if (headers['cache-control'] !== 'no-store' && !isDescription(answer)) return 'an answer that may be stored';
  if (headers['x-content-type-options'] !== 'nosniff') return 'an answer that may be sniffed';
  const telltale = TELLTALES.find((name) => name in headers);
  if (telltale !== undefined) return `a header ${telltale}`;
  if (/FST_ERR|statusCode|node_modules|SQLITE|QueryFailed/.test(status < 400 ? '' : framing(answer)))
    return 'words of a library';
  if (status === 200) return bodiless(answer) ? null : successFault(answer);
  if (status === 201) return faultOf('a created key', misfits(CREATED_API_KEY, answer.body));
  if (status === 302) return /^(?:\.\.\/)?docs$/.test(headers.location) ? null : `a redirect to ${headers.location}`;
  if (status === 204) return text === '' ? null : '204 with a body';
  if (status === 422) return bodiless(answer) ? null : validationErrorFault(answer);
  if (!(status in ERROR_CODES)) return `status ${status}, which the contract does not have`;
  if (status === 401 && headers['www-authenticate'] !== 'ApiKey realm="identity"') return '401 without a challenge';
  return bodiless(answer) ? null : errorFault(answer, status);
}

/** Whether this is the public description of the API or a file of its page, the only answers that may be stored. */
function isDescription({ status, headers, text, body }) {
  if (!('etag' in headers) || status !== 200) return false;
  return PAGES.test(headers['content-type'] ?? '') || text === '' || typeof body?.openapi === 'string';
}

/** What the service says itself: a 422 quotes the client. */
function framing({ status, text }) {
  return status === 422 ? '' : text;
}

/** The answer to HEAD. */
function bodiless({ text, headers }) {
  return text === '' && Number(headers['content-length']) > 0;
}

function successFault(answer) {
  const { headers, body } = answer;
  const addition = additionFault(answer);
  if (addition !== undefined && (answer.text === '' || headers['content-type'] === CSV)) return addition;
  if (PAGES.test(headers['content-type'] ?? '')) return null;
  if (headers['content-type'] !== 'application/json') return `200 as ${headers['content-type']}`;
  if (Array.isArray(body))
    return faultOf(
      'a listed key',
      body.flatMap((key) => misfits(API_KEY, key)),
    );
  if (body?.status === 'ok' || typeof body?.openapi === 'string') return null;
  if (addition !== undefined) return addition;
  return faultOf('a caller', misfits(CALLER, body));
}

function faultOf(what, fields) {
  return fields.length === 0 ? null : `${what} whose ${fields.join()} do not fit`;
}
