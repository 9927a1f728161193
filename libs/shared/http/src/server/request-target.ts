import { percentDecode } from './percent-decode.js';

const ABSOLUTE_FORM = /^https?:\/\/[^/?#]+/i;
const CHARACTERS_ROUTERS_SPLIT_AT = /[?#]/g;

/**
 * Rewrites a request target so that the router sees what an ASGI server routes: origin form, the path percent-decoded
 * once before it is split (`%2F` separates) and re-encoded, the query untouched.
 */
export function canonicalTarget(target: string): string {
  const local = target.replace(ABSOLUTE_FORM, '');
  const origin = local === target || local.startsWith('/') ? local : `/${local}`;
  const cut = origin.indexOf('?');
  const path = cut === -1 ? origin : origin.slice(0, cut);
  if (!/[%#]/.test(path)) return origin;
  const encoded = encodeURI(percentDecode(path)).replace(CHARACTERS_ROUTERS_SPLIT_AT, encodeURIComponent);
  return cut === -1 ? encoded : encoded + origin.slice(cut);
}
