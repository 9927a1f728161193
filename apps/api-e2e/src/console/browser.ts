import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll } from '@jest/globals';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Request,
} from 'playwright-core';

/** What Chromium is called where it is installed. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const PATIENCE_MS = 30_000;

/** Between an answer and what is asked for because of it. */
const PAUSE_MS = 30;
const QUIET_PAUSES = 3;

const open = new Set<Browser>();

afterAll(async () => {
  await Promise.all([...open].map((browser) => browser.close()));
});

/** Starts the Chromium of this machine. It ends after the tests of the file. */
export async function startBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: chromiumPath() });
  open.add(browser);
  return browser;
}

function chromiumPath(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const path = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
  if (path === undefined) throw new Error('The console is tested in Chromium. Install it: apt-get install chromium');
  return path;
}

/** A visitor with cookies of their own, and everything that must not happen to one. */
export class Visitor {
  /** What went wrong in any page: blocked by the policy, thrown, asked by a script, or fetched from elsewhere. */
  readonly mishaps: string[] = [];
  /** What pages wrote to the browser's console. */
  readonly messages: string[] = [];
  /** Requests without an answer yet. */
  readonly #asked = new Set<Request>();

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly origin: string,
  ) {}

  /** @param origin - of the service; what pages fetch from elsewhere is a mishap */
  static async arrive(browser: Browser, origin: string, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
    const visitor = new Visitor(context, await context.newPage(), origin);
    await visitor.watch();
    return visitor;
  }

  /** Opens an address of the console: a path below `/console`, or a whole link. */
  async open(address: string): Promise<void> {
    await this.page.goto(address.startsWith('/') ? `${this.origin}/console${address}` : address);
  }

  /** Signs in as people do who have a key. */
  async signIn(key: string): Promise<void> {
    await this.open('/sign-in');
    await this.page.getByLabel('API key').fill(key);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.getByRole('navigation').waitFor();
  }

  /** The text in the clipboard. */
  copied(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Waits until the page has all that it asked for, and shows it. */
  async settled(): Promise<void> {
    await this.page.getByRole('main').first().waitFor();
    for (let quiet = 0; quiet < QUIET_PAUSES; quiet = this.#asked.size === 0 ? quiet + 1 : 0) {
      await this.page.waitForTimeout(PAUSE_MS);
    }
    await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  }

  private async watch(): Promise<void> {
    const { context, mishaps, messages, origin } = this;
    await context.exposeBinding('reportMishap', (_source, mishap: string) => void mishaps.push(mishap));
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
        const { reportMishap } = window as unknown as { reportMishap: (mishap: string) => void };
        reportMishap(`The policy has blocked ${violatedDirective} ${blockedURI}`);
      });
    });
    context.on('console', (message) => messages.push(message.text()));
    context.on('weberror', (error) => mishaps.push(`Thrown: ${error.error().message}`));
    context.on('dialog', (dialog) => {
      // The browser's own question before a page is left is no script's.
      if (dialog.type() !== 'beforeunload') mishaps.push(`A dialog: ${dialog.message()}`);
      void dialog.accept();
    });
    context.on('request', (request) => {
      this.#asked.add(request);
      const url = request.url();
      if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) mishaps.push(`Fetched from elsewhere: ${url}`);
    });
    context.on('requestfinished', (request) => this.#asked.delete(request));
    context.on('requestfailed', (request) => this.#asked.delete(request));
    context.on('response', (response) => {
      if (response.status() >= 500) mishaps.push(`${response.status()} of ${response.url()}`);
    });
  }
}
