import { counted, ValidationIssue, type Rule } from './validation-issue.js';

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Reads strings only. Pydantic v2 turns nothing else into one. */
export function readString(value: unknown): unknown {
  return typeof value === 'string' ? value : new ValidationIssue('string_type', 'Input should be a valid string');
}

/** Runs a rule on strings that have a UTF-8 form, as Pydantic does. A lone surrogate has none. */
export function wellFormed(rule: (text: string) => unknown): Rule {
  return (value) => {
    if (typeof value !== 'string') return value;
    if (!LONE_SURROGATE.test(value)) return rule(value);
    const msg = 'Input should be a valid string, unable to parse raw data as a unicode string';
    return new ValidationIssue('string_unicode', msg);
  };
}

/** Refuses fewer code points than this. */
export function minLength(limit: number): Rule {
  return wellFormed((text) => {
    if (countCodePoints(text) >= limit) return text;
    const msg = `String should have at least ${counted(limit, 'character')}`;
    return new ValidationIssue('string_too_short', msg, { min_length: limit });
  });
}

/** Refuses more code points than this. */
export function maxLength(limit: number): Rule {
  return wellFormed((text) => {
    if (countCodePoints(text) <= limit) return text;
    const msg = `String should have at most ${counted(limit, 'character')}`;
    return new ValidationIssue('string_too_long', msg, { max_length: limit });
  });
}

/** Refuses text without a match of the pattern. */
export function matches(pattern: RegExp): Rule {
  return wellFormed((text) => {
    if (text.search(pattern) !== -1) return text;
    const msg = `String should match pattern '${pattern.source}'`;
    return new ValidationIssue('string_pattern_mismatch', msg, { pattern: pattern.source });
  });
}

/** Refuses other values than these, as Pydantic's Literal (`literal_error`) or Enum (`enum`). */
export function oneOf(type: 'literal_error' | 'enum', allowed: readonly unknown[]): Rule {
  const names = allowed.map((item) => (typeof item === 'string' ? `'${item}'` : String(item)));
  const last = names.at(-1) ?? '';
  const expected = names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${last}` : last;
  return (value) => {
    const plain = typeof value === 'bigint' ? Number(value) : value;
    return allowed.includes(plain) ? plain : new ValidationIssue(type, `Input should be ${expected}`, { expected });
  };
}

function countCodePoints(text: string): number {
  return [...text].length;
}
