// The conformance suite: shows whether a deployment keeps the contract. Needs Node.js 20 or later and nothing else.
//   node conformance.mjs --base URL --key KEY [--groups a,b] [--query-path PATH] [--verbose]
import { runConformance } from './src/run-conformance.mjs';

process.exitCode = await runConformance(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
