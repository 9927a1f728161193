import { percentDecode } from './percent-decode.js';

type Query = Record<string, string | string[]>;

/** Python's parse_qsl with blank values kept: `+` is a space, `&` the only separator; repeated names give arrays. */
export function parseQueryString(text: string): Query {
  // No prototype: `__proto__` and `constructor` are names like any other.
  const query = Object.create(null) as Query;
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const name = decode(cut === -1 ? pair : pair.slice(0, cut));
    const value = cut === -1 ? '' : decode(pair.slice(cut + 1));
    const earlier = query[name];
    query[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return query;
}

function decode(text: string): string {
  return percentDecode(text.replaceAll('+', ' '));
}
