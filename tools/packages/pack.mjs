import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { stage } from './stage.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/**
 * Makes a tarball of every library that is not private, as it was built last, and tells what npm tells of each: name,
 * filename, size and unpackedSize in bytes, files.
 */
export async function pack(folder) {
  const staged = await mkdtemp(join(tmpdir(), 'feather-packages-'));
  try {
    const packages = [];
    for (const library of await libraries()) packages.push(await stage(root, library, staged));
    await mkdir(folder, { recursive: true });
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder, ...packages], { cwd: staged });
    return JSON.parse(stdout);
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

export async function libraries() {
  const found = [];
  for (const scope of await readdir(join(root, 'libs'))) {
    for (const name of await readdir(join(root, 'libs', scope))) {
      const library = join(root, 'libs', scope, name);
      if (!JSON.parse(await readFile(join(library, 'package.json'), 'utf8')).private) found.push(library);
    }
  }
  return found;
}
