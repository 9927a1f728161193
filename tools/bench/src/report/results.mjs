import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { progress } from './progress.mjs';

const FOLDER = new URL('../../results/', import.meta.url);

/** Writes the figures of a run, with what they were measured on, as JSON. */
export function writeResults(suite, options, figures) {
  const at = new Date().toISOString();
  const machine = {
    node: process.version,
    kernel: release(),
    cpu: cpus()[0].model,
    cores: cpus().length,
    loadavg: loadavg(),
  };
  const file = new URL(`${at.slice(0, 19).replaceAll(':', '')}-${suite}.json`, FOLDER);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ suite, at, commit: commit(), machine, options, ...figures }, null, 2)}\n`);
  progress(`figures: ${file.pathname}`);
}

function commit() {
  const options = { encoding: 'utf8', cwd: import.meta.dirname };
  const { stdout } = spawnSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], options);
  return stdout?.trim() ?? null;
}
