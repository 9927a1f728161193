const UNSTORABLE = /\0|\p{Surrogate}/u;

/**
 * Whether every database keeps `text` as it is: PostgreSQL refuses NUL where SQLite takes it, and a lone surrogate has
 * no UTF-8 form and would come back as U+FFFD.
 */
export function isStorableText(text: string): boolean {
  return !UNSTORABLE.test(text);
}
