import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What goes to the service. */
export interface Forwarded {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** Header lines in their order; what is sent. */
  rawHeaders: string[];
}

/** What comes back from it. */
export interface Spoilable {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A defect: changes requests on their way in or answers on their way out. */
export interface Defect {
  readonly request?: (request: Forwarded) => void;
  readonly answer?: (answer: Spoilable, request: Forwarded) => void;
}

/** A server between clients and the service that gives it a defect. */
export class SpoilingProxy {
  defect: Defect = {};

  private constructor(
    private readonly target: string,
    private readonly server: Server,
  ) {}

  static async start(target: string): Promise<SpoilingProxy> {
    const server = createServer();
    const proxy = new SpoilingProxy(target, server);
    server.on('request', (incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const { method = '', url = '', headers, rawHeaders } = incoming;
        const forwarded = { method, path: url, headers, rawHeaders: [...rawHeaders] };
        void proxy.exchange(forwarded, Buffer.concat(chunks)).then(
          ({ status, headers: answered, text: body }) => response.writeHead(status, answered).end(body),
          () => response.destroy(),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async exchange(forwarded: Forwarded, body: Buffer): Promise<Spoilable> {
    const { defect } = this;
    defect.request?.(forwarded);
    const answer = await this.forward(forwarded, body);
    defect.answer?.(answer, forwarded);
    delete answer.headers['content-length'];
    return answer;
  }

  private forward({ method, path, rawHeaders }: Forwarded, body: Buffer): Promise<Spoilable> {
    return new Promise((resolve, reject) => {
      const outgoing = request(this.target + path, { method, headers: rawHeaders, agent: false });
      outgoing.on('error', reject);
      outgoing.on('response', (answer) => {
        const { statusCode: status = 0, headers } = answer;
        delete headers.connection;
        text(answer).then((content) => resolve({ status, headers, text: content }), reject);
      });
      outgoing.end(body);
    });
  }
}
