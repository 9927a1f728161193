import { ApiError, type ApiErrorInit } from '../errors/api-error.js';
import { RequestValidationError } from '../errors/request-validation-error.js';
import { UnreadableJsonError } from '../json/decode.js';
import { JSON_TYPE } from '../json/json-type.js';
import type { JsonValue } from '../json/json-value.js';
import { JsonSyntaxError, parseJson } from '../json/parse.js';
import { RawBody } from '../server/raw-body.js';

/**
 * Reads a body, or JSON that was parsed before, as FastAPI does for a route with one model. Returns the members of the
 * object; none for an optional body that is missing. Throws RequestValidationError if it is not an object, or ApiError 400
 * if the bytes cannot be read as text.
 *
 * @param explains - Whether an entry says in `ctx` that the content type is the cause. FastAPI's does not.
 */
export function readBody(body: RawBody | JsonValue, isOptional: boolean, explains: boolean): Map<string, JsonValue> {
  const value = body instanceof RawBody ? parse(body) : body;
  if (value instanceof Map) return value;
  if (value === null && isOptional) return new Map();
  const loc = ['body'];
  if (value === null) throw new RequestValidationError([{ type: 'missing', loc, msg: 'Field required', input: value }]);
  const msg = 'Input should be a valid dictionary or object to extract fields from';
  const issue = { type: 'model_attributes_type', loc, msg, input: value };
  if (!(body instanceof RawBody) || isJson(body.contentType)) throw new RequestValidationError([issue]);
  const ctx = { error: 'the Content-Type is not application/json' };
  // The header says it to the clients of FastAPI's way, too (RFC 9110 section 12.5.1).
  throw new RequestValidationError([explains ? { ...issue, ctx } : issue], { Accept: JSON_TYPE });
}

function parse({ bytes, contentType, contentEncoding }: RawBody): JsonValue {
  if (bytes.length === 0) return null;
  if (!isJson(contentType)) return bytes.toString('utf8');
  try {
    return parseJson(bytes);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw syntaxError(error);
    if (!(error instanceof UnreadableJsonError)) throw error;
    throw new ApiError({ status: 400, error: 'bad_request', ...unreadable(contentEncoding), cause: error });
  }
}

/** Encodings are not decoded, as by FastAPI: a few bytes might become a body of any size. */
function unreadable(encoding = 'identity'): Pick<ApiErrorInit, 'message' | 'headers'> {
  if (encoding.trim().toLowerCase() === 'identity') return { message: 'There was an error parsing the body' };
  const message = 'The body has a Content-Encoding, and bodies are not decoded here. Send it without.';
  // RFC 9110 section 12.5.3.
  return { message, headers: { 'Accept-Encoding': 'identity' } };
}

/** Python's email.message rules: one slash before the parameters, type and subtype exact, any letter case. */
function isJson(contentType = ''): boolean {
  const [type, subtype, ...rest] = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase().split('/');
  if (type !== 'application' || subtype === undefined || rest.length > 0) return false;
  return subtype === 'json' || subtype.endsWith('+json');
}

function syntaxError({ message, position }: JsonSyntaxError): RequestValidationError {
  const rest = { msg: 'JSON decode error', input: new Map(), ctx: { error: message } };
  return new RequestValidationError([{ type: 'json_invalid', loc: ['body', position], ...rest }]);
}
