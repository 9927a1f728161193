/**
 * The code of an error of Node or a driver, such as ENOENT; `unknown` without one. Unlike the message it never repeats a
 * setting. Without `instanceof`: Node makes its errors in its own realm, not in Jest's.
 */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}
