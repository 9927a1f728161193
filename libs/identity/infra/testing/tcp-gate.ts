import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy that a test can shut: the network between a service and its database. */
export class TcpGate {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #silent = false;

  private constructor({ port, hostname }: URL) {
    this.#server = createServer((client) => {
      this.#sockets.add(client);
      client.on('error', () => undefined);
      if (this.#silent) return;
      const upstream = connect(Number(port), hostname);
      this.#sockets.add(upstream);
      upstream.on('error', () => client.destroy());
      client.pipe(upstream).pipe(client);
      client.on('close', () => upstream.destroy());
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

  async reopen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  private cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }
}
