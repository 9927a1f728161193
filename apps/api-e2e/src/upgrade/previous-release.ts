import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE } from '../support/workspace.js';

/** The release before this one: raised with each release. It has to be in the history of the clone. */
const COMMIT = '8a6f7c8d41086ba51d71da8ec3c8074d1c2a5a27';

/** Whether the release before is at hand: a shallow clone or an exported tree has no history. */
export function hasPreviousRelease(): boolean {
  return spawnSync('git', ['cat-file', '-e', `${COMMIT}^{commit}`], { cwd: WORKSPACE }).status === 0;
}

/** The service of the release before this one, bundled once, with the dependencies of this workspace. */
export function previousService(): string {
  // Inside node_modules Jest does not look, and Node finds the dependencies.
  const folder = join(WORKSPACE, 'node_modules', '.cache', `feather-identity-${COMMIT}`);
  if (!existsSync(folder)) build(folder);
  return join(folder, 'apps/api/dist/main.js');
}

function build(folder: string): void {
  const building = `${folder}.${process.pid}`;
  mkdirSync(join(building, 'node_modules/@feather-identity'), { recursive: true });
  const archive = ['-c', 'git archive "$1" libs apps | tar -x -C "$2"', 'sh', COMMIT, building];
  execFileSync('sh', archive, { cwd: WORKSPACE, stdio: 'pipe' });
  for (const [scope, at] of [
    ['libs/identity', ''],
    ['libs/shared', 'shared-'],
    ['apps', ''],
  ] as const) {
    for (const name of readdirSync(join(building, scope))) {
      symlinkSync(`../../${scope}/${name}`, join(building, 'node_modules/@feather-identity', at + name));
      const dependencies = join(WORKSPACE, scope, name, 'node_modules');
      if (existsSync(dependencies)) symlinkSync(dependencies, join(building, scope, name, 'node_modules'));
    }
  }
  const bundle = join(WORKSPACE, 'tools/bundle.mjs');
  execFileSync(process.execPath, [bundle, 'main'], { cwd: join(building, 'apps/api') });
  try {
    renameSync(building, folder);
  } catch {
    // Another worker was faster.
    rmSync(building, { recursive: true, force: true });
  }
}
