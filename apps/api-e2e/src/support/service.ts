import { Agent, type ClientRequest } from 'node:http';
import { type Answer, send, sendHeaders, type Sent } from './http.js';
import { Child, type Outcome, type Settings } from './child.js';
import { SERVICE } from './workspace.js';

/** A key as the API lists it. */
export interface ListedKey {
  readonly id: string;
  readonly name: string;
  readonly key_prefix: string;
  readonly scopes: readonly string[];
  readonly is_active: boolean;
  readonly last_used_at: string | null;
  readonly expires_at: string | null;
  readonly created_at: string;
}

/** A key as the API answers its creation. */
export interface CreatedKey extends ListedKey {
  readonly plain_text_key: string;
}

const KEYS = '/v1/identity/api-keys';

/** A running service on a port of its own. */
export class Service {
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(
    private readonly child: Child,
    readonly url: string,
  ) {}

  /** Starts the built service; `started` hears of the process before it is ready. */
  static async start(
    folder: string,
    settings: Settings,
    started: (child: Child) => void,
    program = SERVICE,
    options: readonly string[] = [],
  ): Promise<Service> {
    const all = { PORT: '0', SHUTDOWN_GRACE_SECONDS: '0', ...settings };
    const child = new Child(folder, [program, ...options], all);
    started(child);
    const url = await child.printed((stdout) => /"url":"([^"]+)","msg":"listening"/.exec(stdout)?.[1]);
    return new Service(child, url);
  }

  /** Everything printed so far. */
  get output(): string {
    return this.child.output;
  }

  /** The keys that the start printed. */
  get printedKeys(): string[] {
    return [...this.child.stdout.matchAll(/^API key \(shown once\): (fth_live_\w+)$/gm)].map(([, key]) => key ?? '');
  }

  /** Waits for the link to the console, which a start prints last, after its first key. */
  async printsLink(): Promise<void> {
    await this.child.printed((stdout) => /^Console \(.*$/m.exec(stdout)?.[0]);
  }

  /** The first key of a new installation. */
  get firstKey(): string {
    const [key, ...others] = this.printedKeys;
    if (key === undefined || others.length > 0) throw new Error(`This start did not print one key:\n${this.output}`);
    return key;
  }

  send(path: string, sent?: Sent): Promise<Answer> {
    return send(this.#agent, this.url + path, sent);
  }

  whoami(key: string): Promise<Answer> {
    return this.send('/v1/identity/whoami', { headers: { 'x-api-key': key } });
  }

  create(key: string, body: unknown): Promise<Answer> {
    return this.send(KEYS, { method: 'POST', headers: { 'x-api-key': key }, body });
  }

  /** A creation that waits for its body. */
  beginCreate(key: string): Promise<ClientRequest> {
    return sendHeaders(this.#agent, this.url + KEYS, { method: 'POST', headers: { 'x-api-key': key } });
  }

  /** A new key. Throws when it is not created. */
  async newKey(key: string, name = 'A key'): Promise<CreatedKey> {
    const answer = await this.create(key, { name });
    if (answer.status !== 201) throw new Error(`No key was created: ${answer.text}`);
    return answer.body as CreatedKey;
  }

  revoke(key: string, id: string): Promise<Answer> {
    return this.send(`${KEYS}/${id}`, { method: 'DELETE', headers: { 'x-api-key': key } });
  }

  async list(key: string): Promise<ListedKey[]> {
    return (await this.send(KEYS, { headers: { 'x-api-key': key } })).body as ListedKey[];
  }

  /** Waits for a line of the log with this message. */
  logged(message: string): Promise<string> {
    return this.loggedLine(new RegExp(`^.*"msg":"${message}".*$`, 'm'));
  }

  /** Waits for a line of the log like this. */
  loggedLine(line: RegExp): Promise<string> {
    return this.child.printed((stdout) => line.exec(stdout)?.[0]);
  }

  /** Asks the service to shut down. */
  requestStop(signal: NodeJS.Signals = 'SIGTERM'): void {
    this.child.signal(signal);
  }

  /** Shuts the service down and tells how it ended. */
  stop(): Promise<Outcome> {
    return this.child.end('SIGTERM');
  }

  /** How the service ended, once it did. */
  get outcome(): Promise<Outcome> {
    return this.child.outcome;
  }

  /** Lets the service do nothing more, as a machine that hangs would. It still has its connections. */
  hang(): void {
    this.child.signal('SIGSTOP');
  }

  /** Ends that. */
  goOn(): void {
    this.child.signal('SIGCONT');
  }

  /** Ends the service at this instant, as a power cut of the process would. */
  async kill(): Promise<void> {
    await this.child.end('SIGKILL');
  }
}
