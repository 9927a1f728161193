import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE } from '../support/workspace.js';

/** The release before this one: raised with each release. It has to be in the history of the clone. */
const COMMIT = '8a6f7c8d41086ba51d71da8ec3c8074d1c2a5a27';

/** What the service is made of. */
const PROJECTS = ['core', 'infra', 'http', 'client'].map((name) => `libs/identity/${name}`);
const APP_PROJECTS = [...PROJECTS, 'libs/shared/http', 'apps/api'];

/** Whether the release before is at hand: a shallow clone or an exported tree has no history. */
export function hasPreviousRelease(): boolean {
  return spawnSync('git', ['cat-file', '-e', `${COMMIT}^{commit}`], { cwd: WORKSPACE }).status === 0;
}

/** The built service of the release before this one, compiled once, with the dependencies of this workspace. */
export function previousService(): string {
  // Inside node_modules Jest does not look, and Node finds the dependencies.
  const folder = join(WORKSPACE, 'node_modules', '.cache', `feather-identity-${COMMIT}`);
  if (!existsSync(folder)) build(folder);
  return join(folder, 'apps/api/dist/main.js');
}

function build(folder: string): void {
  const building = `${folder}.${process.pid}`;
  mkdirSync(join(building, 'node_modules/@feather-identity'), { recursive: true });
  const archive = ['-c', 'git archive "$1" libs apps .swcrc | tar -x -C "$2"', 'sh', COMMIT, building];
  execFileSync('sh', archive, { cwd: WORKSPACE, stdio: 'pipe' });
  for (const project of APP_PROJECTS) {
    const own = join(WORKSPACE, project, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(building, project, 'node_modules'));
    const options = [
      'src',
      '--out-dir',
      'dist',
      '--strip-leading-paths',
      '--quiet',
      '--config-file',
      '../'.repeat(project.split('/').length) + '.swcrc',
    ];
    const swc = join(WORKSPACE, 'node_modules/@swc/cli/bin/swc.js');
    execFileSync(process.execPath, [swc, ...options, '--ignore', '**/*.spec.ts,**/*.cases.ts'], {
      cwd: join(building, project),
    });
  }
  for (const [scope, at] of [
    ['libs/identity', ''],
    ['libs/shared', 'shared-'],
  ] as const) {
    for (const name of readdirSync(join(building, scope))) {
      symlinkSync(`../../${scope}/${name}`, join(building, 'node_modules/@feather-identity', at + name));
    }
  }
  try {
    renameSync(building, folder);
  } catch {
    // Another worker was faster.
    rmSync(building, { recursive: true, force: true });
  }
}
