import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy that a test can shut: the network between a service and its database. */
export class TcpGate {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #lost = new WeakSet<Socket>();
  #silent = false;
  #held: (() => void)[] | undefined;

  private constructor({ port, hostname }: URL) {
    this.#server = createServer((client) => {
      this.#sockets.add(client);
      client.on('error', () => undefined);
      if (this.#silent) return;
      const upstream = connect(Number(port), hostname);
      this.#sockets.add(upstream);
      upstream.on('error', () => client.destroy());
      this.forward(client, upstream);
      this.forward(upstream, client);
    });
  }

  static async open(target: URL): Promise<TcpGate> {
    const gate = new TcpGate(target);
    await gate.reopen(0);
    return gate;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts every connection and refuses new ones. */
  async shut(): Promise<void> {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }

  /** Cuts every connection and answers new ones with silence. */
  fallSilent(): void {
    this.#silent = true;
    this.cut();
  }

  /** Keeps every byte to itself from now on, as a frozen server or a network that has lost its way would. */
  hold(): void {
    this.#held ??= [];
  }

  /** Keeps the bytes of every connection that is open now, as a network does that has forgotten them. New ones work. */
  lose(): void {
    for (const socket of this.#sockets) this.#lost.add(socket);
  }

  /** Delivers what was held, and goes on. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const deliver of held) deliver();
  }

  private forward(from: Socket, to: Socket): void {
    const whenOpen = (deliver: () => void) => {
      if (this.#held) this.#held.push(deliver);
      else deliver();
    };
    from.on('data', (bytes) => {
      if (!this.#lost.has(from)) whenOpen(() => to.write(bytes));
    });
    from.on('close', () => {
      whenOpen(() => to.destroySoon());
    });
  }

  async reopen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  private cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }
}
