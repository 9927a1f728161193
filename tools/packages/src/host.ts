import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './program.js';
import { tarballs } from './tarballs.js';

/**
 * A new NestJS project outside of the workspace: the files of `hosts/<name>`, with these packages installed from their
 * tarballs and compiled by plain `tsc`. Returns its folder.
 */
export async function createHost(name: 'express' | 'fastify', packages: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `feather-host-${name}-`));
  await cp(fileURLToPath(new URL(`../hosts/${name}`, import.meta.url)), folder, { recursive: true });
  const files = tarballs.filter((tarball) => packages.includes(tarball.name)).map(({ file }) => file);
  if (files.length !== packages.length) throw new Error(`Not all of ${packages.join()} were packed.`);
  await run(folder, ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...files], {});
  await run(folder, ['npm', 'run', 'build'], {});
  return folder;
}
