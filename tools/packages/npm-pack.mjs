// `npm run pack`, after a build: the tarballs of all packages that are published, in dist/packages.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pack } from './pack.mjs';

const folder = fileURLToPath(new URL('../../dist/packages', import.meta.url));
await rm(folder, { recursive: true, force: true });
for (const { filename, size, unpackedSize, entryCount } of await pack(folder)) {
  console.log(`${filename}: ${kilobytes(size)}, unpacked ${kilobytes(unpackedSize)} in ${entryCount} files`);
}
console.log(folder);

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
