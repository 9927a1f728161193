import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { type Answer, send, type Sent } from '../support/http.js';
import { WORKSPACE } from '../support/workspace.js';

const FOLDER = join(WORKSPACE, 'docs/gateways');
/** The address in those files on which nginx listens. */
const LISTEN = '127.0.0.1:8080';
// Debian puts nginx where only root looks.
const ENVIRONMENT = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };

/** A running nginx with a documented configuration, in a folder of its own. */
export class Nginx {
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly url: string,
  ) {}

  /** Whether this machine has nginx. Tells loudly when it has not. */
  static isInstalled(): boolean {
    const installed = spawnSync('nginx', ['-v'], { env: ENVIRONMENT }).error === undefined;
    if (!installed)
      process.stderr.write('\n!!! SKIPPED: nginx is not installed, NOTHING shows that the gateway works\n\n');
    return installed;
  }

  /**
   * Starts nginx with a file of `docs/gateways`, and waits until it listens.
   *
   * @param addresses - `host:port` for each that stands in the file, and other texts for those that stand there once
   */
  static async start(name: string, addresses: Readonly<Record<string, string>>): Promise<Nginx> {
    const folder = await mkdtemp(join(tmpdir(), 'feather-nginx-'));
    const file = join(folder, 'nginx.conf');
    const listen = `127.0.0.1:${await freePort()}`;
    await writeFile(file, await configuration(name, { ...addresses, [LISTEN]: listen }));
    // Otherwise the workers of root's nginx are somebody else, who may not write large bodies into this folder.
    const user = process.getuid?.() === 0 ? ' user root;' : '';
    const options = ['-p', folder, '-c', file, '-g', `daemon off;${user}`];
    const nginx = new Nginx(
      spawn('nginx', options, { env: ENVIRONMENT, stdio: 'inherit' }),
      folder,
      `http://${listen}`,
    );
    await eventually(() => nginx.listens());
    return nginx;
  }

  send(path: string, sent?: Sent): Promise<Answer> {
    return send(this.#agent, this.url + path, sent);
  }

  /** Everything that it has logged. */
  async logs(): Promise<string> {
    const files = ['access.log', 'error.log'].map((name) => readFile(join(this.folder, name), 'utf8'));
    return (await Promise.all(files)).join('');
  }

  /** Ends nginx and deletes what it wrote. */
  async remove(): Promise<void> {
    this.#agent.destroy();
    if (this.process.exitCode === null) {
      // Not SIGKILL: the workers would stay.
      this.process.kill('SIGTERM');
      await once(this.process, 'exit');
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async listens(): Promise<boolean> {
    if (this.process.exitCode !== null) throw new Error(`nginx ended with ${this.process.exitCode}.`);
    return this.send('/').then(
      () => true,
      () => false,
    );
  }
}

/** The documented configuration with other addresses. Throws where the file has lost one of them. */
async function configuration(name: string, addresses: Readonly<Record<string, string>>): Promise<string> {
  let text = await readFile(join(FOLDER, name), 'utf8');
  for (const [documented, address] of Object.entries(addresses)) {
    const parts = text.split(documented);
    if (parts.length !== 2) throw new Error(`${name} does not have ${documented} once.`);
    text = parts.join(address);
  }
  return text;
}

/** A port on which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
