const UNSTORABLE = /\0|\p{Surrogate}/u;

const MAX_CODE_POINTS = 255;

/** Whether `text` may name a key or an organization: 1 to 255 Unicode code points that every database stores. */
export function isDisplayName(text: string): boolean {
  // UTF-16 length is never below the number of code points: the cheap bound keeps a huge input from being spread.
  if (text.length === 0 || text.length > 2 * MAX_CODE_POINTS) return false;
  return isStorableText(text) && [...text].length <= MAX_CODE_POINTS;
}

/** The rule in words, for error messages. */
export const DISPLAY_NAME_RULE = 'takes 1 to 255 characters, without NUL characters or lone surrogates';

/**
 * Whether every database keeps `text` as it is: PostgreSQL refuses NUL where SQLite takes it, and a lone surrogate has
 * no UTF-8 form and would come back as U+FFFD.
 */
export function isStorableText(text: string): boolean {
  return !UNSTORABLE.test(text);
}
