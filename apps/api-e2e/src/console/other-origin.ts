import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server with an empty page, which is not the console's. */
export class OtherOrigin {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param host - by which browsers find it; `localhost` is the site of the console too, on another port */
  static async start(host: string): Promise<OtherOrigin> {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Elsewhere</title><body></body>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new OtherOrigin(server, `http://${host}:${(server.address() as AddressInfo).port}/`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
