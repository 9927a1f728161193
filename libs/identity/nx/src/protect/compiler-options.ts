import { posix } from 'node:path';
import { getDependencyVersionFromPackageJson, joinPathFragments, type Tree } from '@nx/devkit';
import semver from 'semver';
import { ts } from 'ts-morph';
import { CannotProtectError } from './cannot-protect-error.js';

// oxlint-disable-next-line typescript/no-deprecated -- The deprecated ones are those that are refused.
const { Node16, NodeNext, Node10, Classic } = ts.ModuleResolutionKind;
const READING_EXPORTS = 'node16, nodenext or bundler';

/** Whether relative imports of an application have to end in the extension of a file. */
export function needsExtensions(tree: Tree, root: string): boolean {
  const resolution = moduleResolutionOf(tree, root);
  return resolution === Node16 || resolution === NodeNext;
}

/** Throws `CannotProtectError` if TypeScript would not find our packages, which have only `exports`. */
export function checkModuleResolution(tree: Tree, root: string): void {
  const resolution = moduleResolutionOf(tree, root);
  if (resolution !== Node10 && resolution !== Classic) return;
  throw new CannotProtectError(
    `${String(tsconfigOf(tree, root))}: its moduleResolution, ${resolution === Node10 ? 'node10' : 'classic'}, does not ` +
      `read the \`exports\` of packages, and ours have nothing else. Use ${READING_EXPORTS}.`,
  );
}

/** The module resolution of the application; undefined if no tsconfig.json of it decides. */
function moduleResolutionOf(tree: Tree, root: string): ts.ModuleResolutionKind | undefined {
  const path = tsconfigOf(tree, root);
  if (path === undefined) return undefined;
  const { module = ts.ModuleKind.CommonJS, moduleResolution } = readOptions(tree, path);
  if (moduleResolution !== undefined) return moduleResolution;
  if (module >= ts.ModuleKind.Node16 && module <= ts.ModuleKind.NodeNext) return NodeNext;
  const typescript = getDependencyVersionFromPackageJson(tree, 'typescript');
  if (semver.validRange(typescript) === null || semver.intersects(typescript ?? '', '>=6')) return undefined;
  // The defaults before TypeScript 6.
  if (module === ts.ModuleKind.CommonJS) return Node10;
  return module === ts.ModuleKind.Preserve ? undefined : Classic;
}

function tsconfigOf(tree: Tree, root: string): string | undefined {
  const names = ['tsconfig.app.json', 'tsconfig.json'].map((name) => joinPathFragments(root, name));
  return names.find((name) => tree.exists(name));
}

function readOptions(tree: Tree, path: string): ts.CompilerOptions {
  const read = (name: string) => tree.read(name.slice(1), 'utf8') ?? undefined;
  const { config } = ts.readConfigFile(`/${path}`, read) as { config?: unknown };
  const host: ts.ParseConfigHost = {
    useCaseSensitiveFileNames: true,
    readDirectory: () => [],
    fileExists: (name) => tree.isFile(name.slice(1)),
    readFile: read,
  };
  return ts.parseJsonConfigFileContent(config ?? {}, host, posix.dirname(`/${path}`)).options;
}
