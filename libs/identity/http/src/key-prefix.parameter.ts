import {
  isKeyPrefix,
  longestKeyPrefix,
  MAX_KEY_PREFIX,
  shortestKeyPrefix,
  type TokenFormat,
} from '@feather-identity/core';
import { RequestValidationError } from '@feather-identity/shared-http';
import { EXAMPLE } from './openapi-examples.js';
import { QueryParameter } from './query-parameter.decorator.js';

/** The schema of `key_prefix`. */
export const KEY_PREFIX_SCHEMA = {
  minLength: 1,
  maxLength: MAX_KEY_PREFIX,
  title: 'Key Prefix',
  type: 'string' as const,
  examples: [EXAMPLE.keyPrefix],
};

/** Documents `key_prefix`. */
export function KeyPrefixParameter(description: string): MethodDecorator {
  const rule =
    'The `key_prefix` of the current secret of a key or of any earlier one: the beginning of a token. More of a token ' +
    'is refused, and less of it, unless an imported key has it.';
  return QueryParameter('key_prefix', KEY_PREFIX_SCHEMA, `${description} ${rule}`);
}

/**
 * Throws 422 for a `key_prefix` that is none, and repeats nothing of it: more than a public part contains some of a secret,
 * and clients log such answers.
 */
export function assertKeyPrefix(keyPrefix: string | undefined, format: TokenFormat): void {
  if (keyPrefix === undefined) return;
  const limit = longestKeyPrefix(keyPrefix, format);
  if (keyPrefix === '') {
    throw fault('string_too_short', 'String should have at least 1 character', { min_length: 1 });
  }
  if (keyPrefix.length > limit) {
    throw fault('string_too_long', `String should have at most ${limit} characters`, { max_length: limit });
  }
  if (isKeyPrefix(keyPrefix)) return;
  const pattern = '^[!-~]+$';
  throw fault('string_pattern_mismatch', `String should match pattern '${pattern}'`, { pattern });
}

/**
 * Throws 422 where nothing has a `key_prefix` of our own that was cut off: that nothing is found would read as if there had
 * never been such a key. Imported keys may have one that is as short, and are found by it.
 */
export function assertWholeKeyPrefix(keyPrefix: string | undefined, format: TokenFormat): void {
  const least = keyPrefix === undefined ? 0 : shortestKeyPrefix(keyPrefix, format);
  if (keyPrefix === undefined || keyPrefix.length >= least) return;
  throw fault('string_too_short', `String should have at least ${least} characters`, { min_length: least });
}

function fault(type: string, msg: string, ctx: object): RequestValidationError {
  return new RequestValidationError([{ type, loc: ['query', 'key_prefix'], msg, ctx: { ...ctx } }]);
}
