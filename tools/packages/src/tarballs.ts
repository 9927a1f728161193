import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The manifest of a package, as far as tests look at it. */
interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A tarball that global-setup.mjs has made, and the folder that it is unpacked in. */
export interface Tarball {
  readonly name: string;
  readonly file: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

const all = process.env['PACKAGES_FOLDER'] ?? '';
const files = readdirSync(all).filter((file) => file.endsWith('.tgz'));

/** The tarballs of all packages. */
export const tarballs: readonly Tarball[] = readdirSync(join(all, '@feather-identity')).map((short) => {
  const folder = join(all, '@feather-identity', short);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const file = files.find((name) => name.startsWith(`feather-identity-${short}-`)) ?? '';
  return { name: manifest.name, file: join(all, file), folder, manifest };
});
