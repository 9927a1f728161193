import { getDependencyVersionFromPackageJson, getProjects, joinPathFragments, type Tree } from '@nx/devkit';
import { CannotProtectError, placeOf } from './cannot-protect-error.js';
import type { NestApp } from './nest-app.js';

const TYPEORM = ['typeorm', '@nestjs/typeorm'];

/**
 * Throws `CannotProtectError` if the application has TypeORM but no data source in its sources: a library may have the data
 * source, and the keys would get a second database that nobody asked for.
 */
export function checkNoHiddenDataSource(tree: Tree, app: NestApp, byHand: string): void {
  const sign = importIn(app) ?? packageJsonIn(tree, app);
  if (sign === undefined) return;
  throw new CannotProtectError(`${sign}, but no data source was found in ${app.sourceRoot}. A library may have it.
Use --ownDatabase for a database that holds keys alone. ${byHand}
`);
}

function importIn({ sources }: NestApp): string | undefined {
  const imports = sources.flatMap((source) => source.getImportDeclarations());
  const found = imports.find((each) => TYPEORM.includes(each.getModuleSpecifierValue()));
  return found && `${placeOf(found)} imports ${found.getModuleSpecifierValue()}`;
}

/** Checks every project, whether or not the application uses it. */
function packageJsonIn(tree: Tree, app: NestApp): string | undefined {
  const roots = [app.root, '.', ...[...getProjects(tree).values()].map(({ root }) => root)];
  const paths = roots.map((root) => joinPathFragments(root, 'package.json')).filter((path) => tree.exists(path));
  const hasIt = (path: string) =>
    TYPEORM.some((name) => getDependencyVersionFromPackageJson(tree, name, path) !== null);
  const found = paths.find(hasIt);
  return found && `${found} has TypeORM`;
}
