import { readFileSync } from 'node:fs';
import type { Tree } from '@nx/devkit';
import { describe, expect, it } from '@jest/globals';
import semver from 'semver';
import { APP, MODULE, textOf, workspaceWith } from '../../testing/workspace.js';
import { protectGenerator } from './protect.generator.js';
import type { ProtectMode } from './protect.options.js';

interface Manifest {
  readonly version: string;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

const manifestOf = (library: string): Manifest =>
  JSON.parse(readFileSync(new URL(`../../../${library}/package.json`, import.meta.url), 'utf8')) as Manifest;
const dependencies = (tree: Tree, path = 'package.json') => (JSON.parse(textOf(tree, path)) as Manifest).dependencies;

const { version } = manifestOf('nx');
const OURS = { '@feather-identity/core': version, '@feather-identity/http': version };
const EMBEDDED = ['@feather-identity/infra', '@nestjs/swagger', 'class-validator', 'typeorm'];
const NEST_DATA_SOURCE = MODULE.replace('[OrdersModule]', "[TypeOrmModule.forRoot({ type: 'postgres' })]");

async function added(mode: ProtectMode, sources: Record<string, string> = {}) {
  const tree = workspaceWith(sources);
  await protectGenerator(tree, { project: 'orders', mode });
  return dependencies(tree) ?? {};
}

describe('the packages of a protected application', () => {
  it('are ours where a service has the keys, in the version of the generator', async () => {
    expect(await added('remote')).toEqual(OURS);
  });

  it('are also what its own database and the routes for keys need, but for a driver that it has', async () => {
    const own = await added('embedded');
    const nest = await added('embedded', { 'app.module.ts': NEST_DATA_SOURCE });
    expect(nest).toMatchObject({ ...OURS, '@feather-identity/infra': version });
    expect(Object.keys(nest).sort()).toEqual([...Object.keys(OURS), ...EMBEDDED].sort());
    expect(own).toEqual({ ...nest, 'better-sqlite3': expect.any(String) });
  });

  it('have versions that our own packages ask for', async () => {
    const present = await added('embedded');
    for (const { dependencies, peerDependencies } of [manifestOf('http'), manifestOf('infra')]) {
      for (const [name, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
        const lowest = name in present ? semver.minVersion(present[name]!) : null;
        if (lowest !== null) expect([name, semver.satisfies(lowest, range)]).toEqual([name, true]);
      }
    }
  });

  it('stay as they are where they are there', async () => {
    const tree = workspaceWith();
    const present = { ...OURS, '@feather-identity/http': 'workspace:*', '@nestjs/core': '^12.6.0' };
    tree.write('package.json', JSON.stringify({ dependencies: present }));
    await protectGenerator(tree, { project: 'orders', mode: 'remote' });
    expect(dependencies(tree)).toEqual(present);
  });

  it("go into the application's own package.json where Nest is in it", async () => {
    const tree = workspaceWith();
    const path = `${APP}/package.json`;
    tree.write(path, JSON.stringify({ name: 'orders', dependencies: { '@nestjs/core': '^12.5.1' } }));
    await protectGenerator(tree, { project: 'orders', mode: 'remote' });
    expect(dependencies(tree, path)).toEqual({ ...OURS, '@nestjs/core': '^12.5.1' });
    expect(dependencies(tree)).toEqual({});
  });
});
