import { ValidationIssue } from './fault.js';

const TRUE = new Set(['true', '1', 'on', 't', 'y', 'yes']);
const FALSE = new Set(['false', '0', 'off', 'f', 'n', 'no']);

/** Booleans, 0, 1 and the words Pydantic v2 takes for them in any letter case. */
export function readBoolean(value: unknown): unknown {
  if (typeof value === 'boolean') return value;
  const isNumber = typeof value === 'bigint' || Number.isInteger(value);
  if (!isNumber && typeof value !== 'string')
    return new ValidationIssue('bool_type', 'Input should be a valid boolean');
  const word = String(value).toLowerCase();
  if (TRUE.has(word)) return true;
  if (FALSE.has(word)) return false;
  return new ValidationIssue('bool_parsing', 'Input should be a valid boolean, unable to interpret input');
}
