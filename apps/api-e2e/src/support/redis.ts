import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const PAUSE_MS = 20;

/** Files by which a server proves that it is `localhost`, and the authority that says so. */
export interface Certificates {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
}

/** Makes an authority that nobody knows, and a certificate by it. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const [certificate, key, authority] = ['redis.pem', 'redis.key', 'ca.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const authorityKey = join(folder, 'ca.key');
  const make = (name: string, keyFile: string, file: string, ...more: string[]) =>
    promisify(execFile)('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'],
      ...['-subj', `/CN=${name}`, '-keyout', keyFile, '-out', file, ...more],
    ]);
  await make('authority of a test', authorityKey, authority);
  const names = ['-addext', 'subjectAltName=DNS:localhost', '-addext', 'basicConstraints=CA:FALSE'];
  await make('localhost', key, certificate, '-CA', authority, '-CAkey', authorityKey, ...names);
  return { certificate, key, authority };
}

/** A Redis of the test's own, with a password. It keeps nothing. */
export class OwnRedis {
  static readonly password = 'hunter2-of-redis';

  private constructor(
    private readonly port: number,
    private readonly certificates: Certificates | undefined,
    private process: ChildProcess,
  ) {}

  /** @param certificates - with them it takes connections by TLS alone */
  static async start(certificates?: Certificates): Promise<OwnRedis> {
    const port = await freePort();
    const redis = new OwnRedis(port, certificates, launch(port, certificates));
    await redis.listens();
    return redis;
  }

  get url(): string {
    const scheme = this.certificates === undefined ? 'redis' : 'rediss';
    return `${scheme}://:${OwnRedis.password}@127.0.0.1:${this.port}`;
  }

  /** Starts it again on the same port, empty. */
  async restart(): Promise<void> {
    this.process = launch(this.port, this.certificates);
    await this.listens();
  }

  /** Lets it do nothing more. It still has its connections. */
  hang(): void {
    this.process.kill('SIGSTOP');
  }

  /** Ends it, as a crash would. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }

  private async listens(): Promise<void> {
    while (this.process.exitCode === null) {
      const socket = connect(this.port, '127.0.0.1');
      const isConnected = await once(socket, 'connect').then(
        () => true,
        () => false,
      );
      socket.destroy();
      if (isConnected) return;
      await sleep(PAUSE_MS);
    }
    throw new Error('redis-server does not start.');
  }
}

function launch(port: number, certificates: Certificates | undefined): ChildProcess {
  const listening = certificates
    ? {
        port: 0,
        'tls-port': port,
        'tls-cert-file': certificates.certificate,
        'tls-key-file': certificates.key,
        'tls-ca-cert-file': certificates.authority,
        'tls-auth-clients': 'no',
      }
    : { port };
  const options = { ...listening, bind: '127.0.0.1', save: '', dir: tmpdir(), requirepass: OwnRedis.password };
  const settings = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return spawn('redis-server', settings, { stdio: 'ignore' });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
