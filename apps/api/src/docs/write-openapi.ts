import { writeFile } from 'node:fs/promises';
import { describeApi } from './describe-api.js';

// `npm run openapi`: writes the description of the API to the file that is committed.
const [path] = process.argv.slice(2);
if (path === undefined) {
  process.stderr.write('Usage: node write-openapi.js FILE\n');
  process.exit(2);
}
await writeFile(path, `${JSON.stringify(await describeApi(), null, 2)}\n`);
