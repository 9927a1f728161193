import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './program.js';
import { Registry } from './registry.js';
import { tarballs } from './tarballs.js';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/** The first in the alphabet needs the second. */
const NAMES = ['client', 'core'];
const [CLIENT = '', CORE = ''] = NAMES.map((name) => `@feather-identity/${name}`);
const CHECKS = ['lint', 'typecheck', 'build', 'test'];

/** Stands for the checks, which take minutes: notes that it was asked, and fails when told to. */
const CHECK = `const { CHECKED, FAILING } = process.env;
require('node:fs').appendFileSync(CHECKED, process.argv[2] + '\\n');
process.exit(FAILING === process.argv[2] ? 1 : 0);`;

let registry: Registry;
/** A repository with two of the packages as they are built, and the real scripts. */
let folder: string;
let settings: Record<string, string>;

const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
const release = (status = 0, ...args: string[]) =>
  run(folder, ['node', 'tools/packages/release.mjs', ...args], settings, status);
const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');
const write = (text: string, ...path: string[]) => {
  writeFileSync(join(folder, ...path), text);
};
const edit = (path: string, from: string, to: string) => {
  write(read(path).replace(from, to), path);
};
const commit = () => {
  git('add', '--all');
  git('-c', 'user.name=Test', '-c', 'user.email=test@localhost', 'commit', '--quiet', '--message', 'test: a change');
};
const checked = () => read('node_modules.log').split('\n').filter(Boolean);
const versionOf = (path: string) => (JSON.parse(read(path, 'package.json')) as { version: string }).version;

beforeEach(async () => {
  registry = await Registry.start();
  folder = mkdtempSync(join(tmpdir(), 'feather-release-test-'));
  for (const name of NAMES) {
    const library = join(folder, 'libs/identity', name);
    cpSync(tarballs.find((tarball) => tarball.name === `@feather-identity/${name}`)?.folder ?? '', library, {
      recursive: true,
    });
  }
  mkdirSync(join(folder, 'tools/packages'), { recursive: true });
  for (const file of readdirSync(join(workspace, 'tools/packages')).filter((name) => name.endsWith('.mjs'))) {
    cpSync(join(workspace, 'tools/packages', file), join(folder, 'tools/packages', file));
  }
  cpSync(join(workspace, 'LICENSE'), join(folder, 'LICENSE'));
  cpSync(join(workspace, '.changeset'), join(folder, '.changeset'), { recursive: true });
  for (const file of readdirSync(join(folder, '.changeset'))) {
    if (file.endsWith('.md') && file !== 'README.md') rmSync(join(folder, '.changeset', file));
  }
  symlinkSync(join(workspace, 'node_modules'), join(folder, 'node_modules'));
  const scripts = Object.fromEntries(CHECKS.map((name) => [name, `node check.cjs ${name}`]));
  const manifest = { name: 'workspace', version: versionOf('libs/identity/core'), private: true, scripts };
  write(JSON.stringify({ ...manifest, workspaces: ['libs/*/*'] }, null, 2), 'package.json');
  write(CHECK, 'check.cjs');
  write('node_modules\n*.log\n', '.gitignore');
  write('', 'node_modules.log');
  write(`# Changelog\n\n## [Unreleased]\n\n## [${manifest.version}] - 2026-01-01\n`, 'CHANGELOG.md');
  write(`npm install core-${manifest.version}.tgz\n`, 'README.md');
  mkdirSync(join(folder, 'docs'));
  write(JSON.stringify({ info: { version: manifest.version } }, null, 2), 'docs/openapi.json');
  write(`registry=http:${registry.location}\n${registry.location}:_authToken=token\n`, '.npmrc');
  git('init', '--quiet', '--initial-branch', 'main');
  commit();
  settings = { CHECKED: join(folder, 'node_modules.log'), REPOSITORY_OWNER: 'somebody' };
});

afterEach(() => {
  registry.stop();
  rmSync(folder, { recursive: true });
});

describe('npm run release', () => {
  it('checks everything and publishes nothing', async () => {
    await expect(release()).resolves.toContain('Nothing was published');
    expect(checked()).toEqual(CHECKS);
    expect(registry.published).toEqual([]);
  });

  it('goes on where it broke off, and publishes each package after those that it needs', async () => {
    registry.refused = CLIENT;
    await release(1, '--publish');
    expect(registry.published).toEqual([CORE]);
    registry.refused = undefined;
    await expect(release(0, '--publish')).resolves.toMatch(/core \S+ is published already/);
    expect(registry.published).toEqual([CORE, CLIENT]);
    for (const { name, file } of tarballs) {
      const published = registry.tarballs.get(name);
      if (published === undefined) continue;
      const list = (from: string, input?: Buffer) => execFileSync('tar', ['-tzf', from], { input, encoding: 'utf8' });
      expect(list('-', published)).toBe(list(file));
      const manifest = execFileSync('tar', ['-xzOf', '-', 'package/package.json'], { input: published });
      expect(JSON.parse(manifest.toString())).toMatchObject({
        repository: { url: 'git+https://github.com/somebody/feather-identity.git' },
      });
    }
  });

  it('publishes nothing when a check fails', async () => {
    settings = { ...settings, FAILING: 'typecheck' };
    await release(1, '--publish');
    expect(checked()).toEqual(['lint', 'typecheck']);
    expect(registry.published).toEqual([]);
  });

  it.each<[string, RegExp, () => void]>([
    ['a file is not committed', /no commit has/, () => write('', 'new.txt')],
    ['nobody owns the repository', /Set REPOSITORY_OWNER/, () => delete settings['REPOSITORY_OWNER']],
    [
      'a package has another version',
      /core has version 9\.9\.9/,
      () => {
        edit(
          'libs/identity/core/package.json',
          /"version": ".*"/.exec(read('libs/identity/core/package.json'))?.[0] ?? '',
          '"version": "9.9.9"',
        );
        commit();
      },
    ],
    [
      'the changelog does not have the version',
      /CHANGELOG\.md has no section/,
      () => {
        write('# Changelog\n', 'CHANGELOG.md');
        commit();
      },
    ],
    [
      'a changeset waits',
      /Changesets wait/,
      () => {
        write(`---\n'${CORE}': patch\n---\n\nA fix.\n`, '.changeset/a-fix.md');
        commit();
      },
    ],
  ])('checks and publishes nothing when %s', async (_what, message, change) => {
    change();
    await expect(release(2, '--publish')).resolves.toMatch(message);
    expect(checked()).toEqual([]);
    expect(registry.published).toEqual([]);
  });
});

it('npm run version-packages makes a version of the changesets that can be released', async () => {
  const before = versionOf('libs/identity/core');
  write(`---\n'${CORE}': major\n---\n\nA change.\n`, '.changeset/a-change.md');
  commit();
  await run(folder, ['node', 'node_modules/@changesets/cli/bin.js', 'version'], settings);
  await run(folder, ['node', 'tools/packages/version.mjs'], settings);
  const version = versionOf('libs/identity/core');
  expect(version).not.toBe(before);
  expect(versionOf('.')).toBe(version);
  expect(JSON.parse(read('libs/identity/client/package.json'))).toMatchObject({
    version,
    dependencies: { [CORE]: version },
  });
  expect(read('CHANGELOG.md')).toMatch(`## [Unreleased]\n\n## [${version}] - `);
  expect(read('README.md')).toBe(`npm install core-${version}.tgz\n`);
  expect(JSON.parse(read('docs/openapi.json'))).toEqual({ info: { version } });
  expect(git('status', '--porcelain')).not.toContain('??');
  commit();
  await expect(release()).resolves.toContain('Nothing was published');
});
