// Sends hostile requests to a deployment, or to a service of its own, and judges every answer.
//   node fuzz.mjs [--requests 100000] [--seed N] [--base URL --key KEY]
import { runFuzz } from './src/fuzz/run-fuzz.mjs';

process.exitCode = await runFuzz(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
