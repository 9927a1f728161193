import { ApiError } from '../errors/api-error.js';
import { RequestValidationError } from '../errors/request-validation-error.js';
import { UnreadableJsonError } from '../json/decode.js';
import type { JsonValue } from '../json/json-value.js';
import { JsonSyntaxError, parseJson } from '../json/parse.js';
import { RawBody } from '../server/raw-body.js';

/**
 * Reads a body, or JSON that was parsed before, as FastAPI does for a route with one model. Returns the members of the
 * object; none for an optional body that is missing. Throws RequestValidationError if it is not an object, or ApiError 400
 * if the bytes cannot be read as text.
 */
export function readBody(body: RawBody | JsonValue, isOptional: boolean): Map<string, JsonValue> {
  const value = body instanceof RawBody ? parse(body) : body;
  if (value instanceof Map) return value;
  if (value === null && isOptional) return new Map();
  const [type, msg] =
    value === null
      ? ['missing', 'Field required']
      : ['model_attributes_type', 'Input should be a valid dictionary or object to extract fields from'];
  throw new RequestValidationError([{ type, loc: ['body'], msg, input: value }]);
}

function parse({ bytes, contentType }: RawBody): JsonValue {
  if (bytes.length === 0) return null;
  if (!isJson(contentType)) return bytes.toString('utf8');
  try {
    return parseJson(bytes);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw syntaxError(error);
    if (!(error instanceof UnreadableJsonError)) throw error;
    throw new ApiError({
      status: 400,
      error: 'bad_request',
      message: 'There was an error parsing the body',
      cause: error,
    });
  }
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
