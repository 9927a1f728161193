/** The code of a sign-in link: `#code=...`. It is in the fragment, which browsers send to no server. */
export function codeIn(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('code');
}
