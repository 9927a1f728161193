import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { freePort } from '../process/free-port.mjs';
import { startWorker } from '../process/worker.mjs';
import { haproxySettings, patroniSettings } from './patroni-settings.mjs';
import { familyOf, signal } from './processes.mjs';
import { etcdApiOf, findPrograms, unprivileged } from './programs.mjs';

const WIRES = fileURLToPath(new URL('../wires.mjs', import.meta.url));
const NAMES = ['n1', 'n2', 'n3'];
const FOLLOWERS =
  "SELECT count(*)::int AS streaming, count(*) FILTER (WHERE sync_state = 'sync')::int AS synchronous " +
  "FROM pg_stat_replication WHERE state = 'streaming' AND application_name LIKE 'n_'";
const WHOLE_WITHIN_MS = 90_000;
const LOOK_MS = 200;

/**
 * Three PostgreSQL with synchronous replication under Patroni, an etcd, and HAProxy in front. Each node is reached, and
 * reaches etcd, over wires that can be cut. All files are in one temporary folder.
 */
export class PatroniCluster {
  #programs;
  #folder;
  #wires = startWorker(WIRES);
  #processes = new Map();
  #haproxyPort;
  #nodes = [];

  static async start() {
    const cluster = new PatroniCluster();
    cluster.#programs = findPrograms(['postgres', 'patroni', 'etcd', 'haproxy']);
    cluster.#folder = mkdtempSync(join(tmpdir(), 'feather-failover-'));
    chmodSync(cluster.#folder, 0o711);
    try {
      await cluster.#startAll();
      return cluster;
    } catch (error) {
      await cluster.stop(true);
      throw error;
    }
  }

  /** Where HAProxy leads to the primary. */
  get url() {
    return urlOf(this.#haproxyPort);
  }

  /**
   * Where each new connection leads to the first node that is not read-only, as with several hosts and
   * `target_session_attrs=read-write` in a driver that can do that.
   */
  async firstWritableUrl() {
    return urlOf(await this.#wires.ask('openFirst'));
  }

  /** Makes a node the last in that list: the worst order when it fails, for new connections then lead elsewhere. */
  async listLast(name) {
    const nodes = [...this.#nodes.filter((node) => node.name !== name), this.#node(name)];
    const urls = nodes.map(({ wires }) => urlOf(wires.postgres));
    await this.#wires.ask('list', urls);
  }

  /** The address of a node that is a standby. */
  async standbyUrl() {
    const { name } = (await this.#members()).find(({ role }) => role !== 'leader');
    return urlOf(this.#node(name).ports.postgres);
  }

  /** The name of the node that Patroni calls the leader; undefined while there is none, or none answers. */
  async leader() {
    return (await this.#members()).find(({ role, state }) => role === 'leader' && state === 'running')?.name;
  }

  /** Waits until another node than this one leads. */
  async leaderOtherThan(name) {
    await waitFor(async () => {
      const leader = await this.leader();
      return leader !== undefined && leader !== name;
    }, WHOLE_WITHIN_MS);
  }

  /** Waits until all nodes follow one leader, one of them synchronously. */
  async whole() {
    await waitFor(async () => {
      const leader = await this.leader();
      return leader !== undefined && this.#isFollowed(this.#node(leader).ports.postgres);
    }, WHOLE_WITHIN_MS);
  }

  /** The machine of a node loses its power: Patroni and PostgreSQL end without a word. */
  kill(name) {
    signal([...this.#patroniOf(name), ...this.#postgresOf(name)], 'SIGKILL');
  }

  /** Patroni alone ends: nobody stops PostgreSQL, which stays a primary. */
  killPatroni(name) {
    signal(this.#patroniOf(name), 'SIGKILL');
  }

  /** Starts the Patroni of a node again, which starts PostgreSQL or takes the one that runs. */
  revive(name) {
    this.#startPatroni(this.#node(name));
  }

  /** Copies a node anew from the leader: one that was rewound may be ahead of it, and then follows no more. */
  rebuild(name) {
    this.kill(name);
    rmSync(join(this.#node(name).folder, 'data'), { recursive: true, force: true });
    this.revive(name);
  }

  /** Stops the machine of a node for a while. */
  freeze(name) {
    signal([...this.#patroniOf(name), ...this.#postgresOf(name)], 'SIGSTOP');
  }

  /** Wakes the PostgreSQL of a frozen node. */
  wakePostgres(name) {
    signal(this.#postgresOf(name), 'SIGCONT');
  }

  /** Wakes the Patroni of a frozen node. */
  wakePatroni(name) {
    signal(this.#patroniOf(name), 'SIGCONT');
  }

  /** Nothing reaches the node any more, and it reaches nothing. */
  cut(name) {
    return this.#wires.ask('cut', Object.values(this.#node(name).wires));
  }

  heal(name) {
    return this.#wires.ask('heal', Object.values(this.#node(name).wires));
  }

  /** Makes the synchronous standby the leader. */
  async switchOver() {
    const members = await this.#members();
    const [leader, candidate] = ['leader', 'sync_standby'].map((wanted) => members.find(({ role }) => role === wanted));
    const { status } = await fetch(`http://127.0.0.1:${this.#node(leader.name).ports.rest}/switchover`, {
      method: 'POST',
      body: JSON.stringify({ leader: leader.name, candidate: candidate.name }),
    });
    if (status !== 200) throw new Error(`Patroni answered ${status} to the switchover.`);
  }

  /** Ends everything that was started. Keeps the logs after a failure. */
  async stop(failed = false) {
    for (const node of this.#nodes) signal([...this.#patroniOf(node.name), ...this.#postgresOf(node.name)], 'SIGKILL');
    for (const child of this.#processes.values()) child.kill('SIGKILL');
    await this.#wires.stop();
    if (failed) process.stderr.write(`The logs are kept in ${this.#folder}.\n`);
    else rmSync(this.#folder, { recursive: true, force: true });
  }

  async #startAll() {
    const etcd = await freePort();
    const etcdApi = etcdApiOf(this.#programs.patroni);
    await this.#startEtcd(etcd, etcdApi);
    for (const name of NAMES) {
      const ports = { postgres: await freePort(), rest: await freePort() };
      const wires = {};
      for (const [kind, target] of Object.entries({ ...ports, etcd }))
        wires[kind] = await this.#wires.ask('open', { target });
      const folder = this.#ownFolder(name);
      const node = { name, folder, ports, wires };
      this.#nodes.push(node);
      const settings = { name, folder, bin: dirname(this.#programs.postgres), etcdApi, ports, wires };
      writeFileSync(join(folder, 'patroni.yml'), JSON.stringify(patroniSettings(settings)));
      this.#startPatroni(node);
    }
    this.#haproxyPort = await freePort();
    const settings = join(this.#folder, 'haproxy.cfg');
    writeFileSync(settings, haproxySettings(this.#haproxyPort, this.#nodes));
    this.#start('haproxy', this.#programs.haproxy, ['-db', '-f', settings]);
    await this.listLast(NAMES[0]);
    await this.whole();
  }

  async #startEtcd(port, api) {
    const peer = `http://127.0.0.1:${await freePort()}`;
    const url = `http://127.0.0.1:${port}`;
    this.#start('etcd', this.#programs.etcd, [
      ...['--data-dir', this.#ownFolder('etcd'), '--name', 'e1'],
      ...['--listen-client-urls', url, '--advertise-client-urls', url],
      ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `e1=${peer}`],
      ...(api === 'etcd' ? ['--enable-v2=true'] : []),
    ]);
    await waitFor(() => fetch(`${url}/health`).then(({ ok }) => ok), WHOLE_WITHIN_MS);
  }

  #startPatroni({ name, folder }) {
    this.#start(name, this.#programs.patroni, [join(folder, 'patroni.yml')]);
  }

  #start(name, program, args) {
    const log = openSync(join(this.#folder, `${name}.log`), 'a');
    this.#processes.set(name, spawn(program, args, { stdio: ['ignore', log, log], cwd: '/', ...unprivileged() }));
  }

  #ownFolder(name) {
    const folder = join(this.#folder, name);
    mkdirSync(folder, { mode: 0o700 });
    const { uid, gid } = unprivileged();
    if (uid !== undefined) chownSync(folder, uid, gid);
    return folder;
  }

  #node(name) {
    return this.#nodes.find((node) => node.name === name);
  }

  async #members() {
    for (const { wires } of this.#nodes) {
      try {
        const answer = await fetch(`http://127.0.0.1:${wires.rest}/cluster`, { signal: AbortSignal.timeout(1000) });
        if (answer.ok) return (await answer.json()).members;
      } catch {
        // That node is down, cut off or frozen: another one knows.
      }
    }
    return [];
  }

  /** By the word of PostgreSQL: Patroni calls a node running that is still being copied. */
  async #isFollowed(port) {
    const client = new pg.Client({ connectionString: urlOf(port), connectionTimeoutMillis: 1000, query_timeout: 1000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query(FOLLOWERS);
      return rows[0].streaming === NAMES.length - 1 && rows[0].synchronous === 1;
    } finally {
      await client.end();
    }
  }

  #patroniOf(name) {
    const child = this.#processes.get(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return [];
    // PostgreSQL is a child of Patroni's too, or of nobody.
    const postgres = new Set(this.#postgresOf(name));
    return familyOf(child.pid).filter((pid) => !postgres.has(pid));
  }

  #postgresOf(name) {
    const data = join(this.#node(name).folder, 'data');
    try {
      const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
      // The file outlives a server that was killed, and its number may be another process by now.
      return readlinkSync(`/proc/${pid}/cwd`) === data ? familyOf(pid) : [];
    } catch {
      return [];
    }
  }
}

function urlOf(port) {
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

async function waitFor(condition, milliseconds) {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const result = await Promise.resolve()
      .then(condition)
      .catch(() => false);
    if (result) return result;
    if (performance.now() > deadline) throw new Error(`The cluster did not come to rest within ${milliseconds} ms.`);
    await sleep(LOOK_MS);
  }
}
