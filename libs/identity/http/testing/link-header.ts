/** A link of a `Link` header. */
interface Link {
  readonly target: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const LINK = /^\s*<(?<target>[^<>\s]*)>(?<parameters>(?:\s*;\s*[a-z]+="[^"\\]*")*)\s*(?:,|$)/;
const PARAMETER = /;\s*([a-z]+)="([^"\\]*)"/g;

/** The links of a `Link` header, RFC 8288 section 3 with quoted parameters. Throws for anything else. */
export function parseLinks(header: string): Link[] {
  const links: Link[] = [];
  for (let rest = header; rest.trim() !== '';) {
    const { 0: matched = '', groups: { target = '', parameters = '' } = {} } = LINK.exec(rest) ?? {};
    if (matched === '') throw new Error(`This is no Link header: ${header}`);
    const pairs = [...parameters.matchAll(PARAMETER)].map(([, name = '', value = '']) => [name, value]);
    links.push({ target, parameters: Object.fromEntries(pairs) as Link['parameters'] });
    rest = rest.slice(matched.length);
  }
  return links;
}

/** Where the next page is, from the path on; null at the end. `path` is what was asked for. */
export function nextPage(headers: Headers, path: string): string | null {
  const next = parseLinks(headers.get('link') ?? '').find(({ parameters }) => parameters['rel'] === 'next');
  if (next === undefined) return null;
  const { pathname, search } = new URL(next.target, `http://api.test${path}`);
  return pathname + search;
}
