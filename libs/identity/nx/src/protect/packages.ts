import { readFileSync } from 'node:fs';
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

/** Packages of other people, in the versions that ours work with. */
const NEST = { '@nestjs/core': '^12.0.1' };
const ROUTES = { '@nestjs/swagger': '^12.0.2', 'class-validator': '^0.15.1' };
const TYPEORM = { typeorm: '^1.1.0' };
const SQLITE = { 'better-sqlite3': '^12.11.1' };

/** Throws `CannotProtectError` where the application has versions that ours do not work with. */
export function checkVersions(tree: Tree, app: NestApp): void {
  const path = packageJsonOf(tree, app);
  for (const [name, needed] of Object.entries({ ...NEST, ...TYPEORM })) {
    const present = getDependencyVersionFromPackageJson(tree, name, path);
    const isOther = semver.validRange(present) !== null && !semver.intersects(present ?? '', needed);
    if (isOther) throw new CannotProtectError(`${path} has ${name} ${String(present)}; ${needed} is needed.`);
  }
}

/** Adds what the generated code needs and is not there yet, and answers what installs it. */
export function addPackages(tree: Tree, app: NestApp, store: KeyStore): GeneratorCallback {
  return addDependenciesToPackageJson(tree, packagesFor(store), {}, packageJsonOf(tree, app), true);
}

/** Our packages are released together, in one version. The driver of a database that the application has is there. */
function packagesFor({ kind }: KeyStore): Record<string, string> {
  const version = ownVersion();
  const guard = { '@feather-identity/core': version, '@feather-identity/http': version };
  if (kind === 'service') return guard;
  const embedded = { ...guard, '@feather-identity/infra': version, ...ROUTES, ...TYPEORM };
  return kind === 'own-database' ? { ...embedded, ...SQLITE } : embedded;
}

/** The application's own file where that is the one with Nest in it, otherwise that of the workspace. */
function packageJsonOf(tree: Tree, app: NestApp): string {
  const own = joinPathFragments(app.root, 'package.json');
  return tree.exists(own) && getDependencyVersionFromPackageJson(tree, '@nestjs/core', own) !== null
    ? own
    : 'package.json';
}

function ownVersion(): string {
  const own = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(own) as { version: string }).version;
}
