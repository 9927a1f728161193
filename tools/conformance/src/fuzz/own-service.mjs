import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SERVICE = fileURLToPath(new URL('../../../../apps/api/dist/main.js', import.meta.url));
const BYTES_IN_KIB = 1024;

/** A built service of this repository on an empty database of its own. */
export class OwnService {
  #child;
  #folder;

  constructor(child, folder, base, key) {
    this.#child = child;
    this.#folder = folder;
    this.base = base;
    this.key = key;
  }

  static async start() {
    const folder = mkdtempSync(join(tmpdir(), 'feather-fuzz-'));
    // Without the throttle, so that a wrong key reaches every check.
    const limits = { FAILED_AUTHENTICATIONS_PER_MINUTE: '0', ORGANIZATION_RATE_LIMIT_PER_MINUTE: '0' };
    const env = { PATH: process.env.PATH, HOME: folder, PORT: '0', SHUTDOWN_GRACE_SECONDS: '0', ...limits };
    const child = spawn(process.execPath, [SERVICE], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const { url, key } = await announced(child);
    return new OwnService(child, folder, new URL(url), key);
  }

  get alive() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resident memory in bytes, or null where the system does not tell. */
  get memory() {
    const path = `/proc/${this.#child.pid}/status`;
    const [, kibibytes] = existsSync(path) ? (/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(path, 'utf8')) ?? []) : [];
    return kibibytes === undefined ? null : Number(kibibytes) * BYTES_IN_KIB;
  }

  async stop() {
    if (this.alive) {
      const closed = once(this.#child, 'close');
      this.#child.kill('SIGTERM');
      await closed;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What the start prints: the first key and the address. The rest of the log is read and dropped. */
function announced(child) {
  return new Promise((resolve, reject) => {
    let printed = '';
    const look = (text) => {
      printed += text;
      const key = /^API key \(shown once\): (\S+)$/m.exec(printed)?.[1];
      const url = /"url":"([^"]+)","msg":"listening"/.exec(printed)?.[1];
      if (key === undefined || url === undefined) return;
      child.stdout.off('data', look).resume();
      resolve({ key, url });
    };
    child.stdout.setEncoding('utf8').on('data', look);
    child.once('close', (status) => reject(new Error(`The service did not start (${status}): npm run build`)));
  });
}
