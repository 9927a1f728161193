import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from './test-location.js';

// Debian puts it where only root looks.
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin' };
const ATTEMPTS = 100;
const PAUSE_MS = 50;

/** Whether this machine has pgbouncer. Tells loudly when it has not. */
export function hasPgbouncer(): boolean {
  const installed = spawnSync('pgbouncer', ['--version'], { env: ENVIRONMENT }).error === undefined;
  if (!installed) process.stderr.write('\n!!! SKIPPED: pgbouncer is not installed, NOTHING shows that it works\n\n');
  return installed;
}

/** A running pgbouncer, with its defaults but for what it pools. */
export class Pgbouncer {
  private constructor(
    private readonly process: ChildProcess,
    /** Of the same database, through pgbouncer. */
    readonly url: string,
  ) {}

  static async start(
    database: string,
    pools: 'session' | 'transaction' = 'session',
    port: number | Promise<number> = freePort(),
  ): Promise<Pgbouncer> {
    const { hostname, port: serverPort, username, password, pathname } = new URL(database);
    const url = new URL(database);
    url.port = String(await port);
    const name = pathname.slice(1);
    const file = join(temporaryFolder(), 'pgbouncer.ini');
    await writeFile(
      file,
      `[databases]
${name} = host=${hostname} port=${serverPort} user=${username} password=${password}
[pgbouncer]
pool_mode = ${pools}
listen_addr = 127.0.0.1
listen_port = ${url.port}
auth_type = any
unix_socket_dir =
`,
    );
    await chmod(join(file, '..'), 0o755);
    // It refuses to run as root.
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    const pgbouncer = spawn('pgbouncer', ['-q', ...user, file], { env: ENVIRONMENT, stdio: 'ignore' });
    await answers(pgbouncer, Number(url.port));
    return new Pgbouncer(pgbouncer, url.href);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
  }
}

async function answers(pgbouncer: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS && pgbouncer.exitCode === null; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await sleep(PAUSE_MS);
  }
  throw new Error(`pgbouncer does not listen; it ended with ${pgbouncer.exitCode}.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
