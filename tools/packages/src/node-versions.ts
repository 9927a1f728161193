import { mkdtemp, rename, rm } from 'node:fs/promises';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registrySettings } from './host.js';
import { run } from './program.js';

const cache = fileURLToPath(new URL('../../../node_modules/.cache/node', import.meta.url));

/** The newest of each line that people run, beside the Node.js of the tests. */
export const NODE_VERSIONS = ['22.23.5', '24.22.3', '26.12.1'];

/** The program of a version of Node.js, as the npm packages of Node.js have it. Fetched once. */
export async function nodeProgram(version: string): Promise<string> {
  const program = join(cache, version, 'package/bin/node');
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'fetched-'));
  const name = `node-${process.platform}-${process.arch}@${version}`;
  const tarball = await run(folder, ['npm', 'pack', '--silent', '--prefer-offline', name], registrySettings);
  await run(folder, ['tar', '-xzf', tarball, 'package/bin/node'], {});
  await rm(join(folder, tarball));
  // Another worker may have been faster.
  await rename(folder, join(cache, version)).catch(() => rm(folder, { recursive: true }));
  return program;
}
