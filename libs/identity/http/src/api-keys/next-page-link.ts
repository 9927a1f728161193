/**
 * The `Link` header (RFC 8288) that leads to the next page: the request's own target with another cursor.
 *
 * @param publicUrl - under which clients reach the API. Without it the link is relative to the request: a proxy may have
 *   changed its host and put a prefix in front of its path
 */
export function nextPageLink(target: string, cursor: string, publicUrl?: string): string {
  const [path = '', ...query] = target.split('?');
  const parameters = new URLSearchParams(query.join('?'));
  parameters.set('cursor', cursor);
  // With the last part of the path: some clients, Java's URI among them, drop it when they resolve a query alone.
  const page = publicUrl === undefined ? path.slice(path.lastIndexOf('/') + 1) : publicUrl.replace(/\/+$/, '') + path;
  return `<${page}?${parameters.toString()}>; rel="next"`;
}
