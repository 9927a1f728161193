// The second part of `npm run version-packages`, after changesets has given the packages their new version: the workspace
// gets it too, what CHANGELOG.md has under Unreleased becomes its section, the documents name its tarballs, and the
// description of the API is that of the version.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { libraries } from './pack.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const edit = (file, change) => writeFileSync(file, change(readFileSync(file, 'utf8')));

const [library] = await libraries();
const { version } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8'));
const { version: before } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
if (version === before) {
  console.error('No changeset asks for a new version. Write one by `npx changeset`.');
  process.exit(2);
}

edit(join(root, 'package.json'), (text) => text.replace(`"version": "${before}"`, `"version": "${version}"`));
edit(join(root, 'docs/openapi.json'), (text) => text.replace(`"version": "${before}"`, `"version": "${version}"`));
const today = new Date().toISOString().slice(0, 'yyyy-mm-dd'.length);
edit(join(root, 'CHANGELOG.md'), (text) =>
  text.replace('## [Unreleased]\n', `## [Unreleased]\n\n## [${version}] - ${today}\n`),
);
const naming = spawnSync('git', ['grep', '-lF', '-e', `-${before}.tgz`], { cwd: root, encoding: 'utf8' });
for (const file of naming.stdout.split('\n').filter((name) => name !== '')) {
  edit(join(root, file), (text) =>
    text.replaceAll(`-${before}.tgz`, `-${version}.tgz`).replaceAll(`"${before}"`, `"${version}"`),
  );
}
