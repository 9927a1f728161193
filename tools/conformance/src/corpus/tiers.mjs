const FINE = new Set([
  'json_syntax',
  'expires_numeric',
  'expires_numeric_string',
  'encoding',
  'nesting_large',
  'nonfinite',
  'duplicate_keys',
]);

/** Whether a share of the group is enough: details that no client relies on. */
export function isFine(group) {
  return FINE.has(group);
}
