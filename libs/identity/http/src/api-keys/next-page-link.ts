/**
 * The `Link` header (RFC 8288) that leads to the next page: the request's own target with another cursor, relative, since
 * a proxy may have changed its host.
 */
export function nextPageLink(target: string, cursor: string): string {
  const [path = '', ...query] = target.split('?');
  const parameters = new URLSearchParams(query.join('?'));
  parameters.set('cursor', cursor);
  return `<${path}?${parameters.toString()}>; rel="next"`;
}
