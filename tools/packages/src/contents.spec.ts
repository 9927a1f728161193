import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { reachableCode } from '../reachable-code.mjs';
import { tarballs } from './tarballs.js';

/** What code needs of its application without an import: the global `Reflect`, and the driver that TypeORM loads. */
const NEVER_IMPORTED = ['reflect-metadata', 'better-sqlite3', 'pg'];

const nameOf = (specifier: string): string => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;

describe.each(tarballs)('the tarball of $name', ({ name, folder, manifest }) => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(relative(folder, entry.parentPath), entry.name));

  it('has its licence and says what it is', () => {
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    expect(manifest).toMatchObject({
      license: 'Apache-2.0',
      description: expect.stringMatching(/\w/),
      keywords: expect.arrayContaining([expect.any(String)]),
      engines: { node: '^20.19.0 || ^22.12.0 || >=24.0.0' },
    });
  });

  it('has everything that its entries lead to, and no other code', async () => {
    const code = files.filter((file) => /\.(d\.)?[cm]?[jt]sx?$/.test(file));
    expect(code.sort()).toEqual([...(await reachableCode(folder, manifest)).keys()].sort());
  });

  it('leads to no file that is elsewhere', () => {
    expect(JSON.stringify(manifest.exports)).not.toContain('./src/');
    expect(manifest).not.toHaveProperty('devDependencies');
    for (const file of files.filter((file) => file.endsWith('.js'))) {
      expect(readFileSync(join(folder, file), 'utf8')).not.toContain('sourceMappingURL');
    }
    for (const target of Object.values(manifest.exports).flatMap((entry) => Object.values(entry))) {
      if (target.startsWith('./')) expect(existsSync(join(folder, target))).toBe(true);
    }
  });

  it('lets applications on Express compile without Fastify, whatever they import but its server', async () => {
    const { './server': _server, ...others } = manifest.exports;
    const code = await reachableCode(folder, { ...manifest, exports: others });
    const needing = [...code].filter(([file, specifiers]) => file.endsWith('.d.ts') && specifiers.includes('fastify'));
    expect(needing.map(([file]) => file)).toEqual([]);
  });

  it('declares what it imports, and nothing else', async () => {
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const imported = new Set<string>();
    for (const specifiers of (await reachableCode(folder, manifest)).values()) {
      for (const specifier of specifiers) if (!specifier.startsWith('node:')) imported.add(nameOf(specifier));
    }
    expect(declared.filter((dependency) => !NEVER_IMPORTED.includes(dependency)).sort()).toEqual(
      [...imported].filter((dependency) => dependency !== name).sort(),
    );
  });
});
