import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 20;

/** A Redis of the test's own, with a password. It keeps nothing. */
export class OwnRedis {
  static readonly password = 'hunter2-of-redis';

  private constructor(
    private readonly port: number,
    private process: ChildProcess,
  ) {}

  static async start(): Promise<OwnRedis> {
    const port = await freePort();
    const redis = new OwnRedis(port, launch(port));
    await redis.listens();
    return redis;
  }

  get url(): string {
    return `redis://:${OwnRedis.password}@127.0.0.1:${this.port}`;
  }

  /** Starts it again on the same port, empty. */
  async restart(): Promise<void> {
    this.process = launch(this.port);
    await this.listens();
  }

  /** Lets it do nothing more. It still has its connections. */
  hang(): void {
    this.process.kill('SIGSTOP');
  }

  /** Ends it, as a crash would. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }

  private async listens(): Promise<void> {
    while (this.process.exitCode === null) {
      const socket = connect(this.port, '127.0.0.1');
      const isConnected = await once(socket, 'connect').then(
        () => true,
        () => false,
      );
      socket.destroy();
      if (isConnected) return;
      await sleep(PAUSE_MS);
    }
    throw new Error('redis-server does not start.');
  }
}

function launch(port: number): ChildProcess {
  const options = { port, bind: '127.0.0.1', save: '', dir: tmpdir(), requirepass: OwnRedis.password };
  const settings = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return spawn('redis-server', settings, { stdio: 'ignore' });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
