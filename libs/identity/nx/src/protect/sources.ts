import { type Tree, visitNotIgnoredFiles } from '@nx/devkit';
import { type Identifier, type Node, Project, type SourceFile, ts } from 'ts-morph';

const SOURCE = /(?<!\.d|\.spec|\.test|[.-]e2e-spec)\.ts$/;

/** The TypeScript sources of an application below a folder, without its tests, and what they import from each other. */
export function parseSources(tree: Tree, folder: string): SourceFile[] {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    compilerOptions: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  });
  visitNotIgnoredFiles(tree, folder, (path) => {
    if (SOURCE.test(path)) project.createSourceFile(`/${path}`, tree.read(path, 'utf8') ?? '');
  });
  return project.getSourceFiles();
}

/** What a name stands for, also where it is imported from another source of the application. */
export function declarationsOf(name: Identifier): Node[] {
  const symbol = name.getSymbol();
  return (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
}

/** The path of a source from the root of the workspace. */
export function pathOf(source: SourceFile): string {
  return source.getFilePath().slice(1);
}
