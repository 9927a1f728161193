import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.js';
import type { Installation } from './installation.js';

/** Listens, and is stopped before it accepts anything. */
const LISTENER = `
  const server = require('node:net').createServer();
  server.listen({ port: Number(process.argv[1]), host: '127.0.0.1', backlog: 1 }, () => console.log('listening'));
`;

/** Longer than a connection to this machine takes, in milliseconds. */
const CONNECT_MS = 500;
const MOST_CONNECTIONS = 20;

/** A port whose packets are swallowed, as by a firewall: Linux answers no SYN while nobody accepts what came before. */
export class BlackHole {
  readonly #waiting: Socket[] = [];

  private constructor(private readonly listener: Child) {}

  static async open(installation: Installation, port: number): Promise<BlackHole> {
    const listener = installation.startProgram(['-e', LISTENER, String(port)]);
    await listener.printed((stdout) => (stdout.includes('listening') ? true : undefined));
    listener.signal('SIGSTOP');
    const hole = new BlackHole(listener);
    while (await hole.accepts(port));
    return hole;
  }

  /** Leaves the port. */
  async close(): Promise<void> {
    for (const socket of this.#waiting) socket.destroy();
    await this.listener.end('SIGKILL');
  }

  private async accepts(port: number): Promise<boolean> {
    if (this.#waiting.length > MOST_CONNECTIONS) throw new Error('This system accepts connections without end.');
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    this.#waiting.push(socket);
    const connected = new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true)));
    return Promise.race([connected, sleep(CONNECT_MS, false)]);
  }
}
