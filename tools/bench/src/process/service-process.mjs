import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { settings } from '../ours.mjs';
import { sendOne } from '../traffic/closed-loop.mjs';
import { requestBytes } from '../traffic/requests.mjs';
import { freePort } from './free-port.mjs';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const READY_WITHIN_MS = 60_000;

/** Services that run: none outlives a bench that is stopped. */
const running = new Set();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** The built service as `npm start` runs it, on a port of its own. */
export class ServiceProcess {
  #child;
  #env;
  #log;
  readyAfterMs;

  /** @param log - what takes its log: `ignore`, or the descriptor of a file */
  constructor(url, extra = {}, log = 'ignore') {
    this.#env = { ...process.env, ...settings(url, { METRICS: 'on', SHUTDOWN_GRACE_SECONDS: '0', ...extra }) };
    this.#log = log;
  }

  /** Starts it on this database and waits until `/readyz` answers 200. */
  static async start(url, extra = {}) {
    const service = new ServiceProcess(url, extra);
    // Suites start it on one database with different peppers.
    execFileSync(process.execPath, ['apps/api/dist/cli.js', 'migrate', '--accept-peppers'], {
      cwd: ROOT,
      env: service.#env,
    });
    await service.launch();
    return service;
  }

  /** Starts it, also again, on another port each time, and waits until `/readyz` answers 200. */
  async launch() {
    this.port = await freePort();
    const begun = performance.now();
    const args = ['--max-semi-space-size=8', 'apps/api/dist/main.js'];
    this.#child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...this.#env, PORT: String(this.port) },
      stdio: ['ignore', this.#log, 'inherit'],
    });
    const child = this.#child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    await this.#ready(begun + READY_WITHIN_MS);
    this.readyAfterMs = performance.now() - begun;
  }

  get pid() {
    return this.#child.pid;
  }

  /** One GET. */
  get(path, key = null) {
    return sendOne(this.port, requestBytes(path, key));
  }

  /** The counters at `/metrics` by name and labels, or null where the service has none. */
  async counters() {
    const { status, body } = await this.get('/metrics');
    if (status !== 200) return null;
    const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
  }

  /** Whether it runs, or is suspended. */
  get isAlive() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Sends it a signal. */
  signal(name) {
    this.#child.kill(name);
  }

  /** Ends it by this signal and waits until it is gone. */
  async stop(signal = 'SIGTERM') {
    if (!this.isAlive) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    await gone;
  }

  async #ready(deadline) {
    for (;;) {
      const status = await this.get('/readyz').then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 200) return;
      if (performance.now() > deadline || !this.isAlive) throw new Error('The service did not start.');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** Runs `work` with a service and stops it. */
export async function withService(url, extra, work) {
  const service = await ServiceProcess.start(url, extra);
  try {
    return await work(service);
  } finally {
    await service.stop();
  }
}

/** Creates an organization by the command line, in a new database if need be; returns the key of its owner. */
export function createTenant(url, name) {
  const env = { ...process.env, ...settings(url, { SECRET_HASHER: 'hmac-sha256' }) };
  const run = (...command) =>
    execFileSync(process.execPath, ['apps/api/dist/cli.js', ...command], { cwd: ROOT, env, encoding: 'utf8' });
  run('migrate');
  return JSON.parse(run('organization', 'create', '--name', name, '--json')).plain_text_key;
}

/** What the service says when it is started on a database that it must refuse. Throws if it starts. */
export function refusedStart(url) {
  const env = { ...process.env, ...settings(url, { PORT: '0' }) };
  const options = { cwd: ROOT, env, encoding: 'utf8', timeout: READY_WITHIN_MS };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['apps/api/dist/main.js'], options);
  if (status === null || status === 0) throw new Error(`The service starts on ${url}.`);
  return `${stdout}${stderr}`.trim().split('\n').at(-1);
}
