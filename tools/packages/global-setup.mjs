import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import startPostgres from '../test-postgres/global-setup.mjs';
import { pack } from './pack.mjs';

/**
 * Beside a PostgreSQL, the tarballs of all packages: made once for all specs, in `process.env.PACKAGES_FOLDER`, and each
 * unpacked in a folder of its own below it.
 */
export default async function globalSetup() {
  await startPostgres();
  const folder = join(process.env.TMPDIR, 'packages');
  process.env.PACKAGES_FOLDER = folder;
  for (const { name, filename } of await pack(folder)) {
    const unpacked = join(folder, name);
    mkdirSync(unpacked, { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, filename), '-C', unpacked, '--strip-components=1']);
  }
}
