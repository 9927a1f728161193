import { readFileSync } from 'node:fs';
import type { Tree } from '@nx/devkit';
import { describe, expect, it } from '@jest/globals';
import semver from 'semver';
import { APP, MODULE, OURS, snapshot, textOf, workspaceWith } from '../../testing/workspace.js';
import { protectGenerator } from './protect.generator.js';
import type { ProtectMode } from './protect.options.js';

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

const manifestOf = (library: string): Manifest =>
  JSON.parse(readFileSync(new URL(`../../../${library}/package.json`, import.meta.url), 'utf8')) as Manifest;
const dependencies = (tree: Tree, path = 'package.json') => (JSON.parse(textOf(tree, path)) as Manifest).dependencies;

const EMBEDDED = ['@nestjs/swagger', 'class-validator', 'typeorm'];
const NEST_DATA_SOURCE = MODULE.replace('[OrdersModule]', "[TypeOrmModule.forRoot({ type: 'postgres' })]");

async function added(mode: ProtectMode, sources: Record<string, string> = {}) {
  const tree = workspaceWith(sources);
  await protectGenerator(tree, { project: 'orders', mode });
  return dependencies(tree) ?? {};
}

/** What the generator makes of these dependencies, with a database of its own also where TypeORM is there. */
async function withPackages(packages: Record<string, string>, mode: ProtectMode = 'embedded') {
  const tree = workspaceWith();
  tree.write('package.json', JSON.stringify({ dependencies: packages }));
  await protectGenerator(tree, { project: 'orders', mode, ownDatabase: true });
  return dependencies(tree) ?? {};
}

describe('the packages of a protected application', () => {
  it('are no others where a service has the keys', async () => {
    expect(await added('remote')).toEqual(OURS);
  });

  it('are what its own database and the routes for keys need, but for a driver that it has', async () => {
    const own = await added('embedded');
    const nest = await added('embedded', { 'app.module.ts': NEST_DATA_SOURCE });
    expect(Object.keys(nest).sort()).toEqual([...Object.keys(OURS), ...EMBEDDED].sort());
    expect(own).toEqual({ ...nest, 'better-sqlite3': expect.any(String) });
  });

  it.each(['^11.1.30', '^12.0.1'])('have versions that our own packages ask for, on NestJS %s', async (nest) => {
    const present = await withPackages({ ...OURS, '@nestjs/core': nest });
    expect(present['@nestjs/swagger']).toMatch(nest.slice(0, 4));
    for (const { dependencies, peerDependencies } of [manifestOf('http'), manifestOf('infra')]) {
      for (const [name, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
        if (name in OURS || !(name in present)) continue;
        expect([name, semver.subset(present[name]!, range)]).toEqual([name, true]);
      }
    }
  });

  it.each([
    ['http', '@nestjs/core'],
    ['http', '@nestjs/swagger'],
    ['http', 'class-validator'],
    ['infra', 'typeorm'],
    ['infra', 'better-sqlite3'],
  ])('may have all versions that the manifest of %s allows of %s, and no others', async (library, name) => {
    const range = manifestOf(library).peerDependencies?.[name] ?? '';
    for (const allowed of range.split(' || ')) {
      expect(await withPackages({ ...OURS, [name]: allowed.slice(1) })).toHaveProperty([name], allowed.slice(1));
    }
    await expect(withPackages({ ...OURS, [name]: '^0.1.0' })).rejects.toThrow(`${name} ^0.1.0; ${range} is needed.`);
  });

  it('may be of any version where nothing of ours asks for them', async () => {
    expect(await withPackages({ ...OURS, typeorm: '^0.3.0' }, 'remote')).toMatchObject({ typeorm: '^0.3.0' });
  });

  it('stay as they are where they are there', async () => {
    const present = { ...OURS, '@feather-identity/http': 'workspace:*', '@nestjs/core': '^12.6.0' };
    expect(await withPackages(present, 'remote')).toEqual(present);
  });

  it("go into the application's own package.json where Nest is in it", async () => {
    const tree = workspaceWith();
    const path = `${APP}/package.json`;
    tree.write(path, JSON.stringify({ name: 'orders', dependencies: { '@nestjs/core': '^12.5.1' } }));
    await protectGenerator(tree, { project: 'orders', mode: 'embedded' });
    expect(Object.keys(dependencies(tree, path) ?? {}).sort()).toEqual(
      ['@nestjs/core', 'better-sqlite3', ...EMBEDDED].sort(),
    );
    expect(dependencies(tree)).toEqual(OURS);
  });
});

describe('our packages, which nobody has published', () => {
  it.each([
    ['remote', '{core,client,shared-http,http}', '@feather-identity/core, @feather-identity/http.'],
    ['embedded', '{core,client,shared-http,http,infra}', '@feather-identity/core, @feather-identity/http, @feather'],
  ] as const)('are never fetched: mode %s says which tarballs to install', async (mode, tarballs, lacking) => {
    const tree = workspaceWith();
    tree.write('package.json', '{}');
    const before = snapshot(tree);
    const refused = expect(protectGenerator(tree, { project: 'orders', mode })).rejects;
    await refused.toThrow(`package.json lacks ${lacking}`);
    await expect(protectGenerator(tree, { project: 'orders', mode })).rejects.toThrow(
      `npm install CLONE/dist/packages/feather-identity-${tarballs}-*.tgz`,
    );
    expect(snapshot(tree)).toEqual(before);
  });

  it("may be in the application's own package.json", async () => {
    const tree = workspaceWith();
    tree.write('package.json', '{}');
    tree.write(`${APP}/package.json`, JSON.stringify({ dependencies: { ...OURS, '@nestjs/core': '^12.5.1' } }));
    await protectGenerator(tree, { project: 'orders', mode: 'remote' });
    expect(dependencies(tree)).toBeUndefined();
  });
});
