// Prints what our two variants answer to a stored key and to an unknown one, from a new database at the path in the
// argument. A test runs it: a bench whose variants do not start is noticed when somebody needs figures, which is seldom.
import { fillSqlite } from './databases/seed-sqlite.mjs';
import { tokenAt } from './keys.mjs';
import { requestBytes } from './traffic/requests.mjs';
import { sendOne } from './traffic/closed-loop.mjs';
import { THINGS, WHOAMI } from './variants/paths.mjs';

const [path] = process.argv.slice(2);
await fillSqlite(path, 1);
const answers = {};
for (const [name, route] of Object.entries({ library: THINGS, service: WHOAMI })) {
  const { start } = await import(`./variants/${name}.mjs`);
  const { port, key, close } = await start({ url: `sqlite:${path}` });
  const statusOf = async (sent) => (await sendOne(port, requestBytes(route, sent))).status;
  answers[name] = [await statusOf(key), await statusOf(tokenAt(-1))];
  await close();
}
process.stderr.write(`${JSON.stringify(answers)}\n`);
