const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Tenants choose names: no part of a name may look like a control sequence or a line of this program to a terminal. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}
