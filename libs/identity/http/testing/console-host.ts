import {
  ApiKeyAuthentication,
  ConsoleAuthentication,
  IdentityModule,
  OperatorAuthentication,
  rewriteConsoleTarget,
} from '../src/index.js';
import { type Host, type HostOptions, startHost } from './host.js';
import { type Answer, send, type Sent } from './requests.js';

/** Below it the console calls the API. */
export const CONSOLE_API = '/console/api';
export const SESSION = `${CONSOLE_API}/session`;
export const SESSIONS = `${CONSOLE_API}/sessions`;

/** An application that serves the console, guarded before bodies are read. */
export function startConsoleHost(options: HostOptions = {}): Promise<Host> {
  return startHost({
    ...options,
    // `configure` protects it, in the right order.
    protection: 'guard',
    adapter: { rewriteTarget: rewriteConsoleTarget, ...options.adapter },
    importIdentity: (given) => IdentityModule.forRoot({ ...given, operatorApi: true, console: true }),
    configure: (app) => {
      app.get(ConsoleAuthentication).protect(app);
      app.get(ApiKeyAuthentication).protect(app);
      app.get(OperatorAuthentication).protect(app);
    },
  });
}

/** The origin of a page that the host itself serves. */
export function ownOrigin({ port }: Pick<Host, 'port'>): string {
  return `http://127.0.0.1:${port}`;
}

/** Sends what a page of the console sends: with the cookie and, unless it says otherwise, from its own origin. */
export function sendFromConsole(
  host: Pick<Host, 'port'>,
  method: string,
  path: string,
  { cookie, headers, ...sent }: Sent & { readonly cookie?: string } = {},
): Promise<Answer> {
  const own = { origin: ownOrigin(host), ...(cookie === undefined ? {} : { cookie }) };
  return send(host, method, path, { ...sent, headers: { ...own, ...headers } });
}

/** Signs in, and answers the cookie as browsers send it back. */
export async function signIn(host: Pick<Host, 'port'>, body: object, headers: Sent['headers'] = {}): Promise<string> {
  const answer = await sendFromConsole(host, 'POST', SESSIONS, { body, headers });
  if (answer.status !== 201) throw new Error(`The session was not opened: ${answer.text}`);
  return cookieIn(answer);
}

/** The cookie that an answer sets, as browsers send it back. */
export function cookieIn({ headers }: Answer): string {
  return headers.get('set-cookie')?.split(';', 1)[0] ?? '';
}
