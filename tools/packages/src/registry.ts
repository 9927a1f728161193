import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Upload {
  readonly name: string;
  readonly _attachments: Readonly<Record<string, { readonly data: string }>>;
}

/** A registry for npm, which keeps what is published to it. */
export class Registry {
  /** The names of the packages, in the order in which they came. */
  readonly published: string[] = [];
  /** Their tarballs. */
  readonly tarballs = new Map<string, Buffer>();
  /** The name of a package that is not taken. */
  refused: string | undefined;
  readonly #documents = new Map<string, string>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const answer = (status: number, body: string) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      const name = decodeURIComponent((request.url ?? '').slice(1));
      if (request.method !== 'PUT') {
        const document = this.#documents.get(name);
        answer(document === undefined ? 404 : 200, document ?? '{"error":"not found"}');
        return;
      }
      void json(request).then((body) => {
        if (name === this.refused) answer(400, '{"error":"not now"}');
        else answer(201, this.#take(body as Upload));
      });
    });
  }

  static async start(): Promise<Registry> {
    const registry = new Registry();
    await new Promise<void>((resolve) => registry.#server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  /** Host and port, with a slash on either side, as npm's settings name a registry. */
  get location(): string {
    return `//127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #take(upload: Upload): string {
    this.published.push(upload.name);
    const [attachment] = Object.values(upload._attachments);
    this.tarballs.set(upload.name, Buffer.from(attachment?.data ?? '', 'base64'));
    this.#documents.set(upload.name, JSON.stringify(upload));
    return '{"ok":true}';
  }
}
