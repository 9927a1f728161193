import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { progress } from '../report/progress.mjs';
import { startPostgres } from './postgres-server.mjs';
import { schemaVersion } from './schema-version.mjs';
import { emptyPostgres, fillPostgres, seedPostgres } from './seed-postgres.mjs';
import { fillSqlite, removeSqlite, seedSqlite } from './seed-sqlite.mjs';

/** Seeding a million keys takes a minute or two: what was seeded once is kept here. */
const FOLDER = '/tmp/feather-bench';

/** The databases of a run: seeded ones are kept for the next run, empty ones are not. */
export class Databases {
  #postgres = null;
  #cores;

  constructor(cores) {
    this.#cores = cores;
    mkdirSync(FOLDER, { recursive: true, mode: 0o755 });
  }

  /** Where files are kept for the next run. */
  get folder() {
    return FOLDER;
  }

  /** Where `count` keys of ours are stored: the URL for our settings and the location for a bare driver. */
  withKeys(database, count) {
    return this.#seeded(database, count, false);
  }

  /** The same with a bcrypt hash that fits for every key, which takes time to make. */
  withHashedKeys(database, count) {
    return this.#seeded(database, count, true);
  }

  /** A new database of ours with a single key. */
  withOneKey(database, name) {
    return this.newWithKeys(database, name, 1);
  }

  /** A new database of ours with `count` keys, which the run may change. */
  async newWithKeys(database, name, count) {
    const where = await this.empty(database, name);
    if (database === 'postgres') await fillPostgres(where.location, count);
    else await fillSqlite(where.location, count);
    return where;
  }

  /** A database without any table. */
  async empty(database, name) {
    if (database === 'postgres') {
      const url = await emptyPostgres(await this.postgres(), `feather_bench_${name}`);
      return { url, location: url };
    }
    const location = join(FOLDER, `${name}.db`);
    removeSqlite(location);
    return { url: `sqlite:${location}`, location };
  }

  /** The URL of the server, which starts at the first call. */
  async postgres() {
    this.#postgres ??= startPostgres(FOLDER, this.#cores);
    return (await this.#postgres).url;
  }

  async stop() {
    await (await this.#postgres)?.stop();
  }

  async #seeded(database, count, hashed) {
    const name = `feather_bench_${schemaVersion()}_${count}${hashed ? '_hashed' : ''}`;
    if (count >= 100_000) progress(`${count} keys on ${database}: seeding them unless an earlier run did`);
    if (database === 'postgres') {
      const url = await seedPostgres(await this.postgres(), name, count, hashed);
      return { url, location: url };
    }
    const location = join(FOLDER, `${name}.db`);
    await seedSqlite(location, count, hashed);
    return { url: `sqlite:${location}`, location };
  }
}
