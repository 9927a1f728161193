import { posix } from 'node:path';
import { joinPathFragments, type Tree } from '@nx/devkit';
import { ts } from 'ts-morph';
import type { NestApp } from './nest-app.js';

const EXTENSION = /\.[cm]?[jt]s$/;

/** What relative imports of the application end in: as they do already or, where there are none, as its tsconfig asks. */
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

function needsExtensions(tree: Tree, root: string): boolean {
  const names = ['tsconfig.app.json', 'tsconfig.json'].map((name) => joinPathFragments(root, name));
  const path = names.find((name) => tree.exists(name));
  if (path === undefined) return false;
  const read = (name: string) => tree.read(name.slice(1), 'utf8') ?? undefined;
  const { config } = ts.readConfigFile(`/${path}`, read) as { config?: unknown };
  const host: ts.ParseConfigHost = {
    useCaseSensitiveFileNames: true,
    readDirectory: () => [],
    fileExists: (name) => tree.isFile(name.slice(1)),
    readFile: read,
  };
  const { options } = ts.parseJsonConfigFileContent(config ?? {}, host, posix.dirname(`/${path}`));
  const { module = ts.ModuleKind.CommonJS, moduleResolution } = options;
  if (moduleResolution === undefined) return module >= ts.ModuleKind.Node16 && module <= ts.ModuleKind.NodeNext;
  return [ts.ModuleResolutionKind.Node16, ts.ModuleResolutionKind.NodeNext].includes(moduleResolution);
}
