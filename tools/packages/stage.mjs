import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { published } from './manifest.mjs';
import { reachableCode } from './reachable-code.mjs';

const CODE = /\.(js|d\.ts)$/;
const SOURCE_MAP = /\n\/\/# sourceMappingURL=.*\s*$/;

/**
 * Copies what a package consists of into a folder of its own and returns it: of the code what its entries reach, so that
 * nothing goes along that only our own tests use. Without source maps, which would be twice as large as the code: it is
 * compiled for Node 20 with names, lines and comments kept, and is as readable as its source.
 */
export async function stage(root, library, folder) {
  const manifest = JSON.parse(await readFile(join(library, 'package.json'), 'utf8'));
  const target = join(folder, basename(manifest.name));
  const code = await reachableCode(library, manifest);
  for (const file of await filesOf(library, manifest.files)) {
    if (file.endsWith('.map') || (CODE.test(file) && !code.has(file))) continue;
    await mkdir(dirname(join(target, file)), { recursive: true });
    if (!file.endsWith('.js')) await cp(join(library, file), join(target, file));
    else await writeFile(join(target, file), (await readFile(join(library, file), 'utf8')).replace(SOURCE_MAP, '\n'));
  }
  await writeFile(join(target, 'package.json'), `${JSON.stringify(published(manifest), null, 2)}\n`);
  await cp(join(library, 'README.md'), join(target, 'README.md'));
  await cp(join(root, 'LICENSE'), join(target, 'LICENSE'));
  return target;
}

async function filesOf(library, names) {
  const files = [];
  for (const name of names) {
    const entries = await readdir(join(library, name), { recursive: true, withFileTypes: true }).catch((error) => {
      if (error.code !== 'ENOTDIR') throw error;
      files.push(name);
      return [];
    });
    files.push(...entries.filter((e) => e.isFile()).map((e) => join(relative(library, e.parentPath), e.name)));
  }
  return files;
}
