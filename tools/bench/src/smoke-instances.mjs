// Prints how many changes were acknowledged, and which of three instances gave stale answers: the first one is behind a
// cache. The arguments are an empty PostgreSQL database and a folder for logs. A test runs it: a count of stale answers
// that is always 0 looks like a good one.
import { fillPostgres } from './databases/seed-postgres.mjs';
import { changeUnderLoad } from './suites/instances-changes.mjs';

const [url, folder] = process.argv.slice(2);
const databases = {
  folder,
  async newWithKeys(_database, _name, count) {
    await fillPostgres(url, count);
    return { url };
  },
};
const plan = { mode: 'strict', count: 12, seed: 1, stale: true, faulty: false, databases };
const { changes, stale } = await changeUnderLoad(plan);
const acknowledged = changes.filter(({ answeredAt }) => answeredAt !== undefined).length;
const instances = [...new Set(stale.examples.map(({ instance }) => instance))];
process.stdout.write(`${JSON.stringify({ acknowledged, stale: instances })}\n`);
