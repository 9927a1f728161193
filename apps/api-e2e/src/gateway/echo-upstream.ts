import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as it reached the upstream. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The service behind the gateway: keeps what it gets and answers 200, or the status that the path ends with. */
export class EchoUpstream {
  readonly received: Received[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<EchoUpstream> {
    const server = createServer();
    const upstream = new EchoUpstream(server);
    server.on('request', (incoming, response) => {
      void text(incoming).then((body) => {
        const { method = '', url: path = '', headers } = incoming;
        upstream.received.push({ method, path, headers, body });
        response.writeHead(Number(/\d{3}$/.exec(path)?.[0] ?? 200)).end('the answer of the upstream');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return upstream;
  }

  /** Its `host:port`. */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What came last. Throws when nothing came. */
  get last(): Received {
    const last = this.received.at(-1);
    if (last === undefined) throw new Error('Nothing reached the upstream.');
    return last;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
