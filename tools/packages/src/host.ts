import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, type Settings } from './program.js';
import { tarballs } from './tarballs.js';

/** How the registry is reached, where that is said by variables. */
const REACHES_REGISTRY =
  /^(npm_config_.*(registry|cache|config|proxy|ca|cafile)|.*_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_.*)$/i;
export const registrySettings = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => REACHES_REGISTRY.test(name)),
) as Settings;

/**
 * A new NestJS project outside of the workspace: the files of `hosts/<name>`, with these packages installed from their
 * tarballs and compiled by plain `tsc`. Returns its folder.
 */
export async function createHost(name: 'express' | 'fastify', packages: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `feather-host-${name}-`));
  await cp(fileURLToPath(new URL(`../hosts/${name}`, import.meta.url)), folder, { recursive: true });
  const files = tarballs.filter((tarball) => packages.includes(tarball.name)).map(({ file }) => file);
  if (files.length !== packages.length) throw new Error(`Not all of ${packages.join()} were packed.`);
  await run(folder, ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...files], registrySettings);
  await run(folder, ['npm', 'run', 'build'], {});
  return folder;
}
