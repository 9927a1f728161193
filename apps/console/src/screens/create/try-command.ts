/** A command that uses a key against the service that served this page; it can be pasted as it stands. */
export function tryCommand(secret: string, base = document.baseURI): string {
  return `curl -H 'x-api-key: ${secret}' \\\n  ${new URL('../v1/identity/whoami', base).href}`;
}
