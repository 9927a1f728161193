import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { canPin } from '../process/worker.mjs';

const DEBIAN = '/usr/lib/postgresql/15/bin';
const SETTINGS = '-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200';

/**
 * A PostgreSQL for the bench: the one that BENCH_POSTGRES_URL names, Debian's 15 with its files kept in `folder`, or
 * the one from npm that the tests use. It runs on `cores`, away from what is measured.
 */
export async function startPostgres(folder, cores) {
  if (process.env.BENCH_POSTGRES_URL) return { url: process.env.BENCH_POSTGRES_URL, stop: async () => undefined };
  if (existsSync(DEBIAN)) return startDebian(folder, cores);
  const { startServer, stopServer } = await import('../../../test-postgres/server.mjs');
  return { url: await startServer(), stop: stopServer };
}

function startDebian(folder, cores) {
  const data = join(folder, 'postgres-15');
  // Debian and the tests have ports of their own; two benches at once would disturb each other anyway.
  const port = 54_329;
  mkdirSync(data, { recursive: true });
  if (process.getuid() === 0) chownSync(data, ...ownerOfPostgres());
  if (!existsSync(join(data, 'PG_VERSION'))) {
    run(cores, `${DEBIAN}/initdb`, '-D', data, '-U', 'postgres', '-A', 'trust', '--encoding=UTF8', '--locale=C');
  }
  const control = [`${DEBIAN}/pg_ctl`, '-D', data, '-w', '-s'];
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  // Another bench uses it, or one that was killed has left it behind.
  if (command(cores, ...control, 'status').status === 0) return { url, stop: async () => undefined };
  run(cores, ...control, '-l', join(data, 'server.log'), '-o', `${SETTINGS} -p ${port}`, 'start');
  return { url, stop: async () => run(cores, ...control, '-m', 'fast', 'stop') };
}

function ownerOfPostgres() {
  return ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout));
}

function run(cores, ...words) {
  const { status, stderr } = command(cores, ...words);
  if (status !== 0) throw new Error(`${words[0]} failed: ${stderr}`);
}

/** PostgreSQL refuses to run as root. */
function command(cores, ...words) {
  const user = process.getuid() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
  const [first, ...args] = [...(canPin ? ['taskset', '-c', cores.join(',')] : []), ...user, ...words];
  return spawnSync(first, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' });
}
