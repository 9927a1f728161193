// `npm run release`: builds, checks and packs the packages, and shows what would be published; `-- --publish` publishes.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pack } from './pack.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { publish } = parseArgs({ options: { publish: { type: 'boolean', default: false } } }).values;
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: 'inherit' });

if (publish && process.env.REPOSITORY_OWNER === undefined) {
  console.error('Set REPOSITORY_OWNER: the manifests of published packages name the repository.');
  process.exit(2);
}
if (publish && execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }) !== '') {
  console.error('Commit first: what is published must be what a commit holds.');
  process.exit(2);
}

run('npx', 'nx', 'run', 'packages:test', '--skip-nx-cache');
const folder = await mkdtemp(join(tmpdir(), 'feather-release-'));
try {
  for (const { filename } of await pack(folder)) {
    run('npm', 'publish', join(folder, filename), '--access', 'public', publish ? '--provenance' : '--dry-run');
  }
} finally {
  await rm(folder, { recursive: true });
}
console.log(publish ? 'Published.' : 'Nothing was published: that takes `npm run release -- --publish`.');
