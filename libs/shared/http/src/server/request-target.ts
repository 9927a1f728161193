const ABSOLUTE_FORM = /^https?:\/\/[^/?#]+/i;
const CHARACTERS_ROUTERS_SPLIT_AT = /[?#]/g;
const ESCAPES = /(?:%[0-9A-Fa-f]{2})+/g;

/**
 * Rewrites a request target so that the router sees what an ASGI server routes: origin form, the path percent-decoded
 * once before it is split (`%2F` separates) and re-encoded, the query untouched.
 */
export function canonicalTarget(target = '/'): string {
  const local = target.replace(ABSOLUTE_FORM, '');
  const origin = local === target || local.startsWith('/') ? local : `/${local}`;
  const cut = origin.indexOf('?');
  const path = cut === -1 ? origin : origin.slice(0, cut);
  if (!/[%#]/.test(path)) return origin;
  const encoded = encodeURI(percentDecode(path)).replace(CHARACTERS_ROUTERS_SPLIT_AT, encodeURIComponent);
  return cut === -1 ? encoded : encoded + origin.slice(cut);
}

/** Python's urllib.parse.unquote: bytes that are not UTF-8 become U+FFFD, a bad escape stays as it is. */
export function percentDecode(text: string): string {
  return text.replace(ESCAPES, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'));
}

/** Python's parse_qsl with blank values kept: `+` is a space, `&` the only separator; repeated names give arrays. */
export function parseQueryString(text: string): Record<string, string | string[]> {
  // No prototype: `__proto__` and `constructor` are names like any other.
  const query = Object.create(null) as Record<string, string | string[]>;
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const name = decodeParameter(cut === -1 ? pair : pair.slice(0, cut));
    const value = cut === -1 ? '' : decodeParameter(pair.slice(cut + 1));
    const earlier = query[name];
    query[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return query;
}

function decodeParameter(text: string): string {
  return percentDecode(text.replaceAll('+', ' '));
}
