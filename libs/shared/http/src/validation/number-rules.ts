import { ValidationIssue, type Rule } from './validation-issue.js';

// Pydantic refuses longer integers before reading them, as CPython does.
const MAX_DIGITS = 4300;
// Pydantic reads floats as 64-bit integers, and refuses both ends. Integers of JSON and text may be longer.
const FLOAT_LIMIT = 2 ** 63;
const TOO_LARGE = new ValidationIssue(
  'int_parsing_size',
  'Unable to parse input string as an integer, exceeded maximum size',
);
// White_Space of Unicode: unlike String.prototype.trim it has U+0085 and not U+FEFF. No two parts of this pattern can
// match the same character, so it takes linear time.
const INTEGER_TEXT = /^\p{White_Space}*([+-]?)([0-9]+(?:_[0-9]+)*)(?:\.0+)?\p{White_Space}*$/u;
const NUMBER_TEXT = /^\s*[+-]?(?:[0-9]+(?:_[0-9]+)*(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?\s*$/i;

/** Reads integers, whole floats, booleans and text of integers as `bigint`, so that no bound sees a rounded value. */
export function readInteger(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1n : 0n;
    case 'number':
      return integerFromFloat(value);
    case 'string':
      return integerFromText(value);
    default:
      return new ValidationIssue('int_type', 'Input should be a valid integer');
  }
}

function integerFromFloat(value: number): unknown {
  if (!Number.isFinite(value)) return new ValidationIssue('finite_number', 'Input should be a finite number');
  if (Number.isInteger(value)) return Math.abs(value) < FLOAT_LIMIT ? BigInt(value) : TOO_LARGE;
  return new ValidationIssue('int_from_float', 'Input should be a valid integer, got a number with a fractional part');
}

function integerFromText(text: string): unknown {
  const [matched, sign, written = ''] = INTEGER_TEXT.exec(text) ?? [];
  if (matched === undefined) {
    return new ValidationIssue('int_parsing', 'Input should be a valid integer, unable to parse string as an integer');
  }
  const digits = written.replaceAll('_', '').replace(/^0+/, '');
  if (digits.length > MAX_DIGITS) return TOO_LARGE;
  const magnitude = BigInt(digits);
  return sign === '-' ? -magnitude : magnitude;
}

/** Reads numbers, booleans and text of numbers. */
export function readNumber(value: unknown): unknown {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string') return new ValidationIssue('float_type', 'Input should be a valid number');
  if (NUMBER_TEXT.test(value)) return Number(value.replaceAll('_', ''));
  return new ValidationIssue('float_parsing', 'Input should be a valid number, unable to parse string as a number');
}

/** Refuses what is below the limit. */
export function minimum(limit: number): Rule {
  const issue = new ValidationIssue('greater_than_equal', `Input should be greater than or equal to ${limit}`, {
    ge: limit,
  });
  return (value) => ((typeof value === 'bigint' || typeof value === 'number') && value < limit ? issue : value);
}

/** Refuses what is above the limit. */
export function maximum(limit: number): Rule {
  const issue = new ValidationIssue('less_than_equal', `Input should be less than or equal to ${limit}`, { le: limit });
  return (value) => ((typeof value === 'bigint' || typeof value === 'number') && value > limit ? issue : value);
}

/** Whether a value is an integer of 64 bits. Pydantic says of other numbers that they are of another type. */
function isShortInteger(value: unknown): boolean {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value;
  return Number.isInteger(value) && Math.abs(Number(value)) < FLOAT_LIMIT;
}

const TRUE = new Set(['true', '1', 'on', 't', 'y', 'yes']);
const FALSE = new Set(['false', '0', 'off', 'f', 'n', 'no']);

/** Reads booleans, 0, 1 and the words that Pydantic v2 takes for them, in any letter case. */
export function readBoolean(value: unknown): unknown {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string' && !isShortInteger(value))
    return new ValidationIssue('bool_type', 'Input should be a valid boolean');
  const word = String(value).toLowerCase();
  if (TRUE.has(word)) return true;
  if (FALSE.has(word)) return false;
  return new ValidationIssue('bool_parsing', 'Input should be a valid boolean, unable to interpret input');
}
