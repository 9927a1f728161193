import { Agent } from 'node:http';
import { Child } from './child.js';
import { send } from './http.js';
import { GUARDED_APP, WORKSPACE } from './workspace.js';

/** What `IdentityClientModule.forRoot` takes. */
export interface GuardOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly [option: string]: string | number;
}

/** What became of a request, and when, by the monotonic clock. */
export interface Exchange {
  readonly status: number;
  readonly begun: number;
  readonly ended: number;
}

/** A running application whose routes are guarded by a service. */
export class GuardedApp {
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(
    private readonly child: Child,
    private readonly url: string,
  ) {}

  /** Starts the application; `started` hears of the process before it is ready. */
  static async start(options: GuardOptions, started: (child: Child) => void): Promise<GuardedApp> {
    const child = new Child(WORKSPACE, [GUARDED_APP], { OPTIONS: JSON.stringify(options), NO_COLOR: '1' });
    started(child);
    const url = await child.printed((stdout) => /^listening at (.+)$/m.exec(stdout)?.[1]);
    return new GuardedApp(child, url);
  }

  /** Everything printed so far. */
  get output(): string {
    return this.child.output;
  }

  /** Asks for a route that demands a key and nothing else of it. */
  async ask(key: string): Promise<Exchange> {
    const begun = performance.now();
    const { status } = await send(this.#agent, `${this.url}/orders/caller`, { headers: { 'x-api-key': key } });
    return { status, begun, ended: performance.now() };
  }
}
