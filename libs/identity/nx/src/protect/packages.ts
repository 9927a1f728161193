import {
  addDependenciesToPackageJson,
  type GeneratorCallback,
  getDependencyVersionFromPackageJson,
  joinPathFragments,
  type Tree,
} from '@nx/devkit';
import semver from 'semver';
import { CannotProtectError } from './cannot-protect-error.js';
import type { KeyStore } from './key-store.js';
import type { NestApp } from './nest-app.js';
import type { ProtectMode } from './protect.options.js';

/** Peer dependencies of our packages. */
const NEST = { '@nestjs/core': '^11.1.29 || ^12.0.1' };
const ROUTES = { '@nestjs/swagger': '^11.2.0 || ^12.0.0', 'class-validator': '^0.14.0 || ^0.15.1' };
const TYPEORM = { typeorm: '^0.3.27 || ^1.1.0' };
const SQLITE = { 'better-sqlite3': '^12.11.1' };
const PEERS: Record<ProtectMode, Record<string, string>> = {
  remote: NEST,
  embedded: { ...NEST, ...ROUTES, ...TYPEORM, ...SQLITE },
};
const OURS: Record<ProtectMode, readonly string[]> = {
  remote: ['@feather-identity/core', '@feather-identity/http'],
  embedded: ['@feather-identity/core', '@feather-identity/http', '@feather-identity/infra'],
};
const TARBALLS: Record<ProtectMode, string> = {
  remote: '{core,client,shared-http,http}',
  embedded: '{core,client,shared-http,http,infra}',
};

/** Throws `CannotProtectError` if our packages are missing, or if others have versions that ours do not work with. */
export function checkPackages(tree: Tree, app: NestApp, mode: ProtectMode): void {
  const path = packageJsonOf(tree, app);
  for (const [name, needed] of Object.entries(PEERS[mode])) {
    const present = getDependencyVersionFromPackageJson(tree, name, path);
    const isOther = semver.validRange(present) !== null && !semver.intersects(present ?? '', needed);
    if (isOther) throw new CannotProtectError(`${path} has ${name} ${String(present)}; ${needed} is needed.`);
  }
  const isMissing = (name: string) =>
    [path, 'package.json'].every((each) => getDependencyVersionFromPackageJson(tree, name, each) === null);
  const missing = OURS[mode].filter(isMissing);
  if (missing.length === 0) return;
  throw new CannotProtectError(`${path} lacks ${missing.join(', ')}.
They are not published, and the generator never fetches them. Run \`npm ci && npm run pack\` in a clone of Feather Identity, and here
  npm install CLONE/dist/packages/feather-identity-${TARBALLS[mode]}-*.tgz`);
}

/** Adds missing packages that the generated code needs. Returns the callback that installs them. */
export function addPackages(tree: Tree, app: NestApp, store: KeyStore): GeneratorCallback {
  const path = packageJsonOf(tree, app);
  return addDependenciesToPackageJson(tree, packagesFor(tree, path, store), {}, path, true);
}

/** An application with a database has its driver already. */
function packagesFor(tree: Tree, path: string, { kind }: KeyStore): Record<string, string> {
  if (kind === 'service') return {};
  const embedded = { ...ROUTES, ...TYPEORM, '@nestjs/swagger': swaggerFor(tree, path) };
  return kind === 'own-database' ? { ...embedded, ...SQLITE } : embedded;
}

/** For the major version of NestJS that the application has; for the newest if that is unknown. */
function swaggerFor(tree: Tree, path: string): string {
  const nest = semver.validRange(getDependencyVersionFromPackageJson(tree, '@nestjs/core', path));
  return nest !== null && !semver.intersects(nest, '>=12') ? '^11.2.0' : '^12.0.2';
}

/** The package.json of the application if it has NestJS in it, otherwise that of the workspace. */
function packageJsonOf(tree: Tree, app: NestApp): string {
  const own = joinPathFragments(app.root, 'package.json');
  return tree.exists(own) && getDependencyVersionFromPackageJson(tree, '@nestjs/core', own) !== null
    ? own
    : 'package.json';
}
