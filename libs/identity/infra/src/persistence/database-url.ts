/** Where the data lives. */
export type DatabaseLocation =
  | { readonly type: 'sqlite'; readonly path: string }
  | { readonly type: 'postgres'; readonly url: string };

/** Reads `sqlite:PATH`, `postgres://...` or `postgresql://...`; null for anything else. */
export function parseDatabaseUrl(text: string): DatabaseLocation | null {
  if (text.startsWith('sqlite:')) {
    const path = text.slice('sqlite:'.length);
    return path === '' || path.startsWith(':') ? null : { type: 'sqlite', path };
  }
  return /^postgres(?:ql)?:\/\/./.test(text) && URL.canParse(text) ? { type: 'postgres', url: text } : null;
}
