import { Agent } from 'node:http';
import type { Child, Outcome, Settings } from '../support/child.js';
import { type Answer, send, type Sent } from '../support/http.js';
import type { Installation } from '../support/installation.js';
import { SAMPLE, SAMPLE_ORGANIZATION } from '../support/workspace.js';

/** The line by which a key is printed, once. */
const PRINTED_KEY = /^API key \(shown once\): (\w+)$/m;

/** The sample application, running on a port of its own. */
export class Sample {
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(
    private readonly child: Child,
    readonly url: string,
  ) {}

  static async start(installation: Installation, settings: Settings = {}): Promise<Sample> {
    const child = installation.launch([SAMPLE], { PORT: '0', ...settings });
    const url = await child.printed((stdout) => /^Orders are served on (\S+)$/m.exec(stdout)?.[1]);
    return new Sample(child, url);
  }

  /** Everything printed so far. */
  get output(): string {
    return this.child.output;
  }

  /** The first key of a new installation. */
  get firstKey(): string {
    return printedKey(this.output);
  }

  send(path: string, sent?: Sent): Promise<Answer> {
    return send(this.#agent, this.url + path, sent);
  }

  /** Asks with a key, for what may need a body. */
  as(key: string, method: string, path: string, body?: unknown): Promise<Answer> {
    return this.send(path, { method, headers: { 'x-api-key': key }, body });
  }

  /** Shuts the application down and tells how it ended. */
  stop(): Promise<Outcome> {
    return this.child.end('SIGTERM');
  }
}

/** The key of a new organization among those whose keys the sample has itself. */
export async function newOrganization(
  installation: Installation,
  name: string,
  settings: Settings = {},
): Promise<string> {
  return printedKey((await installation.launch([SAMPLE_ORGANIZATION, name], settings).outcome).stdout);
}

function printedKey(output: string): string {
  const key = PRINTED_KEY.exec(output)?.[1];
  if (key === undefined) throw new Error(`No key was printed:\n${output}`);
  return key;
}
