import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const POSTGRES = '/usr/lib/postgresql/15/bin';
/** Where each program is that a cluster needs, and the Debian package that brings it. */
const PROGRAMS = {
  postgres: { package: 'postgresql-15', folders: [POSTGRES] },
  patroni: { package: 'patroni' },
  etcd: { package: 'etcd-server' },
  haproxy: { package: 'haproxy', folders: ['/usr/sbin'] },
};

/** The paths of these programs by name. Throws an error that says what to install. */
export function findPrograms(names) {
  const paths = Object.fromEntries(names.map((name) => [name, find(name, PROGRAMS[name].folders ?? pathFolders())]));
  const missing = names.filter((name) => paths[name] === undefined);
  if (missing.length === 0) return paths;
  const packages = missing.map((name) => PROGRAMS[name].package).join(' ');
  throw new Error(
    `This machine has no ${missing.join(', ')}. On Debian 12: apt-get install --no-install-recommends ${packages}\n` +
      'The suite starts all of them itself, and uses no service that Debian starts for these packages.',
  );
}

/**
 * The section of Patroni's settings for etcd. Before 3.0.3 a primary that wakes up takes its lock back by etcd's API 3,
 * though another node leads by then (https://github.com/patroni/patroni/pull/2689); by API 2 it does not.
 */
export function etcdApiOf(patroni) {
  const { stdout } = spawnSync(patroni, ['--version'], { encoding: 'utf8' });
  const [major, minor, patch] = stdout.trim().split(' ').at(-1).split('.').map(Number);
  return major * 1e6 + minor * 1e3 + patch < 3_000_003 ? 'etcd' : 'etcd3';
}

/** Options for `spawn`: PostgreSQL refuses to run as root, so as root everything runs as Debian's user postgres. */
export function unprivileged() {
  if (process.getuid() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout),
  );
  if (uid === 0) throw new Error('There is no user postgres to run PostgreSQL as.');
  return { uid, gid };
}

function find(name, folders) {
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function pathFolders() {
  return (process.env.PATH ?? '').split(delimiter);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
