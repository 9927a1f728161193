const ESCAPES = /(?:%[0-9A-Fa-f]{2})+/g;

/** Python's urllib.parse.unquote: bytes that are not UTF-8 become U+FFFD, a bad escape stays as it is. */
export function percentDecode(text: string): string {
  return text.replace(ESCAPES, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'));
}
