import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const BENCH = resolve(import.meta.dirname, '..');

/**
 * Benches another checkout by a copy of this folder inside it: the packages of a tree resolve from within that tree
 * alone. Returns the exit status.
 */
export function benchOtherTree(tree, args) {
  const copy = join(resolve(tree), 'tools/bench');
  if (copy !== BENCH) {
    rmSync(join(copy, 'src'), { recursive: true, force: true });
    cpSync(BENCH, copy, { recursive: true, filter: (path) => path !== join(BENCH, 'results') });
  }
  const rest = args.filter((arg, at) => !arg.startsWith('--tree') && args[at - 1] !== '--tree');
  const child = spawnSync(process.execPath, [join(copy, 'bench.mjs'), ...rest], { stdio: 'inherit' });
  return child.status ?? 1;
}
