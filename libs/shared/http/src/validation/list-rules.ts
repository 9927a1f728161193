import { counted, ValidationIssue, type Rule } from './validation-issue.js';

/** Reads arrays only. */
export function readList(value: unknown): unknown {
  return Array.isArray(value) ? value : new ValidationIssue('list_type', 'Input should be a valid list');
}

/** Refuses fewer items than this. */
export function minItems(limit: number): Rule {
  return (value) => {
    const length = lengthOf(value);
    if (length >= limit) return value;
    const msg = `List should have at least ${counted(limit, 'item')} after validation, not ${length}`;
    return new ValidationIssue('too_short', msg, { field_type: 'List', min_length: limit, actual_length: length });
  };
}

/** Refuses more items than this. */
export function maxItems(limit: number): Rule {
  return (value) => {
    const length = lengthOf(value);
    if (length <= limit) return value;
    const msg = `List should have at most ${counted(limit, 'item')} after validation, not ${length}`;
    return new ValidationIssue('too_long', msg, { field_type: 'List', max_length: limit, actual_length: length });
  };
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
