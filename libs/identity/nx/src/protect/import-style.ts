import { posix } from 'node:path';
import type { Tree } from '@nx/devkit';
import { needsExtensions } from './compiler-options.js';
import type { NestApp } from './nest-app.js';

const EXTENSION = /\.[cm]?[jt]s$/;

/**
 * The ending of relative imports in the application: the one that its imports have, or if it has none, the one that its
 * tsconfig asks for.
 */
export function importExtension(tree: Tree, app: NestApp): string {
  const imports = [app.main, ...app.sources].flatMap((source) => source.getImportDeclarations());
  const relative = imports.map((each) => each.getModuleSpecifierValue()).find((from) => /^\.\.?\//.test(from));
  if (relative !== undefined) return EXTENSION.exec(relative)?.[0] ?? '';
  return needsExtensions(tree, app.root) ? '.js' : '';
}

/** How one file imports another, both from the root of the workspace, the other without its extension. */
export function importPath(importer: string, file: string, extension: string): string {
  const path = posix.relative(posix.dirname(importer), file);
  return `${path.startsWith('.') ? '' : './'}${path}${extension}`;
}
