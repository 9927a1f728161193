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

/** Packages of other people: the peers of ours. */
const NEST = { '@nestjs/core': '^11.1.29 || ^12.0.1' };
const ROUTES = { '@nestjs/swagger': '^11.2.0 || ^12.0.0', 'class-validator': '^0.15.1' };
const TYPEORM = { typeorm: '^1.1.0' };
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

/** Throws `CannotProtectError` where our packages are not there, or others in versions that ours do not work with. */
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
They are not published, and this never fetches them. In a clone of Feather Identity run \`npm ci && npm run pack\`, and here
  npm install CLONE/dist/packages/feather-identity-${TARBALLS[mode]}-*.tgz`);
}

/** Adds what the generated code needs of other people and is not there yet, and answers what installs it. */
export function addPackages(tree: Tree, app: NestApp, store: KeyStore): GeneratorCallback {
  const path = packageJsonOf(tree, app);
  return addDependenciesToPackageJson(tree, packagesFor(tree, path, store), {}, path, true);
}

/** The driver of a database that the application has is there. */
function packagesFor(tree: Tree, path: string, { kind }: KeyStore): Record<string, string> {
  if (kind === 'service') return {};
  const embedded = { ...ROUTES, ...TYPEORM, '@nestjs/swagger': swaggerFor(tree, path) };
  return kind === 'own-database' ? { ...embedded, ...SQLITE } : embedded;
}

/** Of the major version that the application has of NestJS, or of the newest where that cannot be told. */
function swaggerFor(tree: Tree, path: string): string {
  const nest = semver.validRange(getDependencyVersionFromPackageJson(tree, '@nestjs/core', path));
  return nest !== null && !semver.intersects(nest, '>=12') ? '^11.2.0' : '^12.0.2';
}

/** The application's own file where that is the one with Nest in it, otherwise that of the workspace. */
function packageJsonOf(tree: Tree, app: NestApp): string {
  const own = joinPathFragments(app.root, 'package.json');
  return tree.exists(own) && getDependencyVersionFromPackageJson(tree, '@nestjs/core', own) !== null
    ? own
    : 'package.json';
}
