import { ValidationIssue } from './validation-issue.js';

/** Reads objects only, with whatever is in them, as Pydantic reads a `dict`. */
export function readObject(value: unknown): unknown {
  return value instanceof Map ? value : new ValidationIssue('dict_type', 'Input should be a valid dictionary');
}
