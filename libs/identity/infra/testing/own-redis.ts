import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { temporaryFolder } from './test-location.js';

const ATTEMPTS = 200;
const PAUSE_MS = 25;

/** A Redis of the test's own, which it may stop, fill and let hang. It keeps nothing. */
export class OwnRedis {
  #process: ChildProcess;
  /** A connection that works whatever the store is about. */
  readonly client: Redis;

  private constructor(
    readonly port: number,
    private readonly password: string | undefined,
  ) {
    this.#process = this.launch();
    this.client = new Redis({
      port,
      ...(password !== undefined && { password }),
      protocol: 2,
      lazyConnect: true,
      retryStrategy: () => PAUSE_MS,
    });
    this.client.on('error', () => undefined);
  }

  static async start(password?: string): Promise<OwnRedis> {
    const redis = new OwnRedis(await freePort(), password);
    await redis.answers();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Ends it, as a crash would. */
  async kill(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  /** Starts it again on the same port, empty. */
  async restart(): Promise<void> {
    this.#process = this.launch();
    await this.answers();
  }

  /** Lets it do nothing more. It still has its connections. */
  hang(): void {
    this.#process.kill('SIGSTOP');
  }

  /** Ends that. */
  goOn(): void {
    this.#process.kill('SIGCONT');
  }

  async close(): Promise<void> {
    this.client.disconnect();
    if (this.#process.exitCode === null && this.#process.signalCode === null) await this.kill();
  }

  private launch(): ChildProcess {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--dir', temporaryFolder()];
    const secret = this.password === undefined ? [] : ['--requirepass', this.password];
    return spawn('redis-server', [...settings, ...secret], { stdio: 'ignore' });
  }

  private async answers(): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const answered = await this.client.ping().catch(() => undefined);
      if (answered === 'PONG') return;
      await sleep(PAUSE_MS);
    }
    throw new Error('redis-server does not start: is it installed?');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
