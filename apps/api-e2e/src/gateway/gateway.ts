import type { Settings } from '../support/child.js';
import type { Answer } from '../support/http.js';
import { Installation } from '../support/installation.js';
import type { CreatedKey, Service } from '../support/service.js';
import { randomPart, wellFormed } from '../support/tokens.js';
import { EchoUpstream } from './echo-upstream.js';
import { Nginx } from './nginx.js';

/** What a client may send to pass for somebody else, also in names that many upstreams read as the same header. */
export const FORGED_HEADERS = {
  'X-Organization-Id': 'forged',
  'X-Api-Key-Id': ['forged', 'forged twice'],
  'X-Scopes': 'forged',
  X_Organization_Id: 'forged',
  'X_Api-Key-Id': 'forged',
  'X.Scopes': 'forged',
};

/** A well-formed key that nobody has. */
export function unknownKey(): string {
  return wellFormed({ head: 'fth_live_', publicPart: randomPart(8), secret: randomPart(32) });
}

/** The built service, an upstream, and nginx before both. */
export class Gateway {
  private constructor(
    readonly service: Service,
    readonly upstream: EchoUpstream,
    readonly nginx: Nginx,
  ) {}

  /** @param changes - what stands in the configuration in place of something else */
  static async start(settings: Settings = {}, changes: Readonly<Record<string, string>> = {}): Promise<Gateway> {
    const service = await (await Installation.create('sqlite')).start(settings);
    const upstream = await EchoUpstream.start();
    const addresses = { '127.0.0.1:8000': new URL(service.url).host, '127.0.0.1:9000': upstream.address };
    return new Gateway(service, upstream, await Nginx.start('nginx.conf', { ...addresses, ...changes }));
  }

  /** A new key with these scopes. Throws when it is not created. */
  async newKey(...scopes: string[]): Promise<CreatedKey> {
    const answer = await this.service.create(this.service.firstKey, { name: 'A key', scopes });
    if (answer.status !== 201) throw new Error(`No key was created: ${answer.text}`);
    return answer.body as CreatedKey;
  }

  /** Asks through nginx with this key. */
  ask(path: string, key: string, method = 'GET'): Promise<Answer> {
    return this.nginx.send(path, { method, headers: { 'x-api-key': key } });
  }

  /** Ends what the installation does not end. */
  async remove(): Promise<void> {
    await this.nginx.remove();
    await this.upstream.close();
  }
}
