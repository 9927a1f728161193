import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { freePort } from '../process/free-port.mjs';
import { startWorker } from '../process/worker.mjs';
import { findPrograms, unprivileged } from './programs.mjs';

const WIRES = fileURLToPath(new URL('../wires.mjs', import.meta.url));
const STANDBY = 'far';
const READY_WITHIN_MS = 30_000;
const LOOK_MS = 50;
const USUAL = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=100'];

/** How a commit waits for the standby, by name. */
export const REPLICATION = {
  asynchronous: { synchronous_standby_names: '', synchronous_commit: 'on' },
  'synchronous, on': { synchronous_standby_names: STANDBY, synchronous_commit: 'on' },
  'synchronous, remote_apply': { synchronous_standby_names: STANDBY, synchronous_commit: 'remote_apply' },
};

/** A primary here and a streaming standby in a region that is `delay` milliseconds away, each way. */
export class ReplicatedPair {
  #folder = mkdtempSync(join(tmpdir(), 'feather-regions-'));
  #wires = startWorker(WIRES);
  #servers = [];
  #wire;

  static async start(delay) {
    const pair = new ReplicatedPair();
    try {
      await pair.#start(delay);
      return pair;
    } catch (error) {
      await pair.stop();
      throw error;
    }
  }

  /** Sets how commits wait from now on. */
  async replicate(settings) {
    await withClient(this.nearUrl, async (client) => {
      // Its own commits must not wait for what it is about to change.
      for (const [name, value] of Object.entries(settings)) await client.query(`ALTER SYSTEM SET ${name} = '${value}'`);
      await client.query('SELECT pg_reload_conf()');
    });
    await sleep(1000);
  }

  /** Cuts the regions apart. */
  cut() {
    return this.#wires.ask('cut', [this.#wire]);
  }

  heal() {
    return this.#wires.ask('heal', [this.#wire]);
  }

  async stop() {
    await Promise.all(
      this.#servers.map(async (server) => {
        if (server.exitCode !== null) return;
        const gone = once(server, 'exit');
        server.kill('SIGQUIT');
        await gone;
      }),
    );
    await this.#wires.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(delay) {
    const bin = dirname(findPrograms(['postgres']).postgres);
    const [near, far] = [await freePort(), await freePort()];
    chmodSync(this.#folder, 0o711);
    const { uid, gid } = unprivileged();
    if (uid !== undefined) chownSync(this.#folder, uid, gid);
    const data = (name) => join(this.#folder, name);
    this.#run(join(bin, 'initdb'), ['-D', data('near'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C']);
    this.nearUrl = urlOf(near);
    await this.#serve(bin, data('near'), near);
    // Quickly, past the wire.
    this.#run(join(bin, 'pg_basebackup'), ['-d', this.nearUrl, '-D', data('far'), '-c', 'fast']);
    this.#wire = await this.#wires.ask('open', { target: near, delay });
    this.wireUrl = urlOf(this.#wire);
    this.#run('touch', [join(data('far'), 'standby.signal')]);
    this.farUrl = urlOf(far);
    await this.#serve(bin, data('far'), far, [
      ...['-c', `primary_conninfo=host=127.0.0.1 port=${this.#wire} user=postgres application_name=${STANDBY}`],
    ]);
  }

  async #serve(bin, data, port, settings = []) {
    const log = openSync(`${data}.log`, 'a');
    const args = ['-D', data, '-p', String(port), ...USUAL, ...settings];
    const options = { stdio: ['ignore', log, log], cwd: '/', ...unprivileged() };
    this.#servers.push(spawn(join(bin, 'postgres'), args, options));
    const deadline = performance.now() + READY_WITHIN_MS;
    for (;;) {
      try {
        return await withClient(urlOf(port), (client) => client.query('SELECT 1'));
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await sleep(LOOK_MS);
      }
    }
  }

  #run(program, args) {
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', cwd: '/', ...unprivileged() });
    if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  }
}

function urlOf(port) {
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

async function withClient(connectionString, work) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
