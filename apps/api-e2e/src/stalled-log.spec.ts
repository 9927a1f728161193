import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from './support/eventually.js';
import { Installation } from './support/installation.js';
import { SERVICE } from './support/workspace.js';

/** More lines than a pipe or the small disk take. */
const REQUESTS = 1000;
const AT_ONCE = 50;

/** Skipped where this user may not mount a disk. */
const whereDisksCanBeMounted = spawnSync('unshare', ['-m', 'true']).status === 0 ? it : it.skip;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe('a service whose log cannot be written', () => {
  let installation: Installation;
  let service: ChildProcess | undefined;
  let undo: () => void;

  beforeEach(async () => {
    installation = await Installation.create('sqlite');
    undo = () => undefined;
  });
  afterEach(async () => {
    if (service?.exitCode === null) {
      const ended = new Promise((resolve) => service?.once('exit', resolve));
      service.kill('SIGKILL');
      await ended;
    }
    undo();
  });

  /** Starts a service, asks it more often than its log has space for, stops it, and tells how it ended. */
  async function serveAndStop(output: 'pipe' | number, format: string): Promise<number | null> {
    const port = await freePort();
    const env = {
      PATH: process.env['PATH'],
      PORT: String(port),
      LOG_FORMAT: format,
      LOG_LEVEL: 'debug',
      SHUTDOWN_GRACE_SECONDS: '0',
    };
    service = spawn(process.execPath, [SERVICE], {
      cwd: installation.folder,
      env,
      stdio: ['ignore', output, 'ignore'],
    });
    const exit = new Promise<number | null>((resolve) => service?.once('exit', resolve));
    const ask = async (limitMs: number) =>
      (await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(limitMs) })).status;
    await eventually(() => ask(1000).then(Boolean, () => false));
    for (let asked = 0; asked < REQUESTS; asked += AT_ONCE) {
      expect(new Set(await Promise.all(Array.from({ length: AT_ONCE }, () => ask(5000))))).toEqual(new Set([200]));
    }
    service.kill('SIGTERM');
    return exit;
  }

  it.each(['json', 'pretty'])('answers and ends with 0 beside a pipe that nobody reads (%s)', async (format) => {
    expect(await serveAndStop('pipe', format)).toBe(0);
  });

  whereDisksCanBeMounted('answers and ends with 0 on a full disk', async () => {
    const disk = join(installation.folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    const log = openSync(join(disk, 'log'), 'a');
    undo = () => {
      closeSync(log);
      execFileSync('umount', [disk]);
    };
    expect(await serveAndStop(log, 'json')).toBe(0);
  });
});
