/** Where a Redis or Valkey server is. */
export interface RedisLocation {
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly username?: string;
  readonly password?: string;
  /** Whether the connection is encrypted and the certificate of the server verified. */
  readonly isEncrypted: boolean;
}

const DEFAULT_PORT = 6379;

/**
 * Reads the address of a Redis or Valkey server.
 *
 * @param text - `redis://` or, with TLS, `rediss://`, then `USER:PASSWORD@HOST:PORT/DATABASE`, all but the host optional
 * @returns null for any other text, also with parameters
 */
export function parseRedisUrl(text: string): RedisLocation | null {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, port, pathname, username, password, search, hash } = new URL(text);
  const database = /^\/?(\d{0,4})$/.exec(pathname)?.[1];
  if (!['redis:', 'rediss:'].includes(protocol) || hostname === '' || search + hash !== '' || database === undefined)
    return null;
  try {
    return {
      // The brackets of an IPv6 address are the URL's.
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? DEFAULT_PORT : Number(port),
      database: Number(database),
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(password !== '' && { password: decodeURIComponent(password) }),
      isEncrypted: protocol === 'rediss:',
    };
  } catch {
    // A % that encodes nothing.
    return null;
  }
}

/** A server without its user and password. */
export function redisName({ isEncrypted, host, port, database }: RedisLocation): string {
  return `${isEncrypted ? 'rediss' : 'redis'}://${host.includes(':') ? `[${host}]` : host}:${port}/${database}`;
}
