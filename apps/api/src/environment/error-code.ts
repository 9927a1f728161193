/**
 * The code of an error of Node or a driver, such as ENOENT; `unknown` if it has none. Unlike a message, a code never
 * repeats a setting. No `instanceof`: errors of Node belong to another realm than Jest's.
 */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}
