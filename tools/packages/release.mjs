// `npm run release`: checks and builds everything, packs the packages and shows what would be published.
// `npm run release -- --publish` publishes them, each after those that it depends on. One that the registry has already is
// passed over, so that a release that broke off can be run again.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { published } from './manifest.mjs';
import { libraries, pack } from './pack.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { publish } = parseArgs({ options: { publish: { type: 'boolean', default: false } } }).values;
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: 'inherit' });
// npm signs where a package was built, and can do so in a workflow alone: https://docs.npmjs.com/generating-provenance-statements
const provenance = process.env.GITHUB_ACTIONS === 'true' ? ['--provenance'] : [];
const read = (...path) => readFileSync(join(root, ...path), 'utf8');

const { version } = JSON.parse(read('package.json'));
const manifests = (await libraries()).map((folder) =>
  published(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))),
);

const problems = [...problemsNow()];
for (const problem of problems) console.error(problem);
if (publish && problems.length > 0) process.exit(2);

for (const script of ['lint', 'typecheck', 'build', 'test']) run('npm', 'run', script);

const folder = mkdtempSync(join(tmpdir(), 'feather-release-'));
try {
  const tarballs = new Map((await pack(folder)).map(({ name, filename }) => [name, join(folder, filename)]));
  for (const { name } of inOrder(manifests)) {
    if (isPublished(name)) console.log(`${name} ${version} is published already.`);
    else
      run('npm', 'publish', tarballs.get(name), '--access', 'public', ...provenance, ...(publish ? [] : ['--dry-run']));
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(publish ? 'Published.' : 'Nothing was published: that takes `npm run release -- --publish`.');

/** Why nothing can be published from this folder. */
function* problemsNow() {
  if (execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }) !== '') {
    yield 'There are changes that no commit has. Commit them first.';
  }
  if (JSON.stringify(manifests).includes('github.com/OWNER/')) {
    yield 'The manifests name no repository. Set REPOSITORY_OWNER.';
  }
  for (const other of manifests.filter((manifest) => manifest.version !== version)) {
    yield `${other.name} has version ${other.version}, the workspace ${version}. Run \`npm run version-packages\`.`;
  }
  if (readdirSync(join(root, '.changeset')).some((file) => file.endsWith('.md') && file !== 'README.md')) {
    yield 'Changesets wait for a version. Run `npm run version-packages`.';
  }
  if (!read('CHANGELOG.md').includes(`\n## [${version}]`)) {
    yield `CHANGELOG.md has no section for ${version}. Run \`npm run version-packages\`.`;
  }
}

/** Each after those of them that it depends on. */
function inOrder(all) {
  const ordered = new Set();
  const add = (manifest) => {
    for (const other of all) if (manifest.dependencies?.[other.name] !== undefined) add(other);
    ordered.add(manifest);
  };
  for (const manifest of all) add(manifest);
  return ordered;
}

function isPublished(name) {
  const { stdout } = spawnSync('npm', ['view', `${name}@${version}`, 'version'], { cwd: root, encoding: 'utf8' });
  return stdout.trim() === version;
}
