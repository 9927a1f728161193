// Measures what a verified request costs, beside the alternatives. See README.md and --help.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readOptions, USAGE } from './src/options.mjs';
import { benchOtherTree } from './src/other-tree.mjs';
import { canPin } from './src/process/worker.mjs';
import { progress } from './src/report/progress.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const options = optionsOrExit();
if (options.help) process.stdout.write(`${USAGE}\n`);
else if (options.tree !== undefined) process.exitCode = benchOtherTree(options.tree, process.argv.slice(2));
else await bench();

/** A mistake in the command line needs no stack. */
function optionsOrExit() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    return process.exit(2);
  }
}

async function bench() {
  const { status } = spawnSync(process.execPath, ['tools/compile.mjs', 'api', 'modules'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('The service does not compile.');
  if (!canPin) progress('!!! NO taskset HERE: nothing stays on its core, and the figures below mean little. !!!');
  const { runSuites } = await import('./src/run-suites.mjs');
  await runSuites(options);
}
