/** The path of the page of the console. */
export const CONSOLE_PATH = '/console';

/** The path below which the console calls the API: `/console/api/v1/...` is `/v1/...`, for sessions. */
export const CONSOLE_API_PATH = `${CONSOLE_PATH}/api`;

const REWRITTEN = `${CONSOLE_API_PATH}/v1/`;

/** Marks Node's request. A symbol, so that no input of a client can name it. */
const CONSOLE = Symbol('feather-identity console');

interface Marked {
  [CONSOLE]?: true;
}

/**
 * Leads requests of the console to the routes of the API, and marks them: only marked requests may come by a session.
 *
 * @param request - Node's request
 * @param target - its canonical target
 * @returns the target that is routed
 * @example
 * ```ts
 * createFastifyAdapter({ rewriteTarget: rewriteConsoleTarget });
 * ```
 */
export function rewriteConsoleTarget(request: object, target: string): string {
  if (!isBelow(CONSOLE_API_PATH, target)) return target;
  (request as Marked)[CONSOLE] = true;
  return target.startsWith(REWRITTEN) ? target.slice(CONSOLE_API_PATH.length) : target;
}

/** Whether Node's request came below `/console/api`. */
export function isConsoleRequest(request: object): boolean {
  return (request as Marked)[CONSOLE] === true;
}

function isBelow(path: string, target: string): boolean {
  return target.startsWith(path) && ['/', '?', undefined].includes(target[path.length]);
}

/** The value of a cookie. Of two with one name neither counts: another program of the same host may have set one. */
export function cookieOf(header: string | undefined, name: string): string {
  const begin = `${name}=`;
  const values = (header ?? '')
    .split(';')
    // Spaces and tabs alone (RFC 6265): browsers keep other blanks in a name, so that it is not the one it looks like.
    .map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((pair) => pair.startsWith(begin));
  return values.length === 1 ? (values[0]?.slice(begin.length) ?? '') : '';
}

/** Where the console is, as its visitor sees it. */
export class ConsoleOrigin {
  private constructor(private readonly url: URL) {}

  /** Of a URL of HTTP; null for every other text. Other schemes have no origin: theirs is `null`, as of a sandboxed page. */
  static of(url: string): ConsoleOrigin | null {
    const parsed = URL.canParse(url) ? new URL(url) : null;
    return parsed !== null && ['http:', 'https:'].includes(parsed.protocol) ? new ConsoleOrigin(parsed) : null;
  }

  /** As browsers write it in `Origin`. */
  get text(): string {
    return this.url.origin;
  }

  /**
   * The cookie of a session there; null where no cookie would be safe: over plain HTTP, except on the machine itself.
   * `__Host-` keeps other hosts of the domain from setting it.
   */
  get cookie(): { readonly name: string; readonly attributes: string } | null {
    const attributes = 'Path=/; HttpOnly; SameSite=Strict';
    if (this.url.protocol === 'https:') return { name: '__Host-feather_console', attributes: `${attributes}; Secure` };
    return LOOPBACK.includes(this.url.hostname) ? { name: 'feather_console', attributes } : null;
  }
}

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
