import { getProjects, joinPathFragments, type ProjectConfiguration, type Tree } from '@nx/devkit';
import { type ClassDeclaration, Node, type SourceFile, SyntaxKind } from 'ts-morph';
import { CannotProtectError, placeOf } from './cannot-protect-error.js';
import { declarationsOf, parseSources } from './sources.js';

/** A NestJS application of the workspace. */
export interface NestApp {
  readonly project: string;
  readonly root: string;
  /** The folder of its sources, from the root of the workspace. */
  readonly sourceRoot: string;
  readonly sources: readonly SourceFile[];
  /** The file that calls `NestFactory.create`. */
  readonly main: SourceFile;
  /** The module that this call starts. */
  readonly rootModule: ClassDeclaration;
}

/** Reads an application. Throws `CannotProtectError` for a project that is not a NestJS application. */
export function readNestApp(tree: Tree, project: string): NestApp {
  const { root, sourceRoot } = findProject(tree, project);
  const folder = joinPathFragments(sourceRoot ?? `${root}/src`);
  const sources = tree.exists(folder) ? parseSources(tree, folder) : [];
  const start = findStart(sources, folder);
  const rootModule = classOf(start, sources);
  return { project, root, sourceRoot: folder, sources, main: start.getSourceFile(), rootModule };
}

function findProject(tree: Tree, project: string): ProjectConfiguration {
  const projects = getProjects(tree);
  const found = projects.get(project);
  if (found !== undefined) return found;
  const names = [...projects.keys()].join(', ');
  throw new CannotProtectError(`There is no project "${project}" in this workspace. It has: ${names}.`);
}

/** What `NestFactory.create` is called with: that of main.ts, or the only one. */
function findStart(sources: readonly SourceFile[], folder: string): Node {
  const starts = sources.flatMap((source) =>
    source.getDescendantsOfKind(SyntaxKind.CallExpression).flatMap((call) => {
      const [rootModule] = call.getArguments();
      return call.getExpression().getText() === 'NestFactory.create' && rootModule !== undefined ? [rootModule] : [];
    }),
  );
  const start = starts.find((each) => each.getSourceFile().getBaseName() === 'main.ts') ?? starts[0];
  if (start === undefined) {
    throw new CannotProtectError(`${folder} is not a NestJS application: nothing in it calls NestFactory.create.`);
  }
  if (starts.length === 1 || start.getSourceFile().getBaseName() === 'main.ts') return start;
  throw new CannotProtectError(
    `${starts.map(placeOf).join(' and ')} call NestFactory.create, and none of them is main.ts.`,
  );
}

/** The class behind `AppModule` or `AppModule.register(...)`, by its import or, behind a path alias, by its name. */
function classOf(start: Node, sources: readonly SourceFile[]): ClassDeclaration {
  const called = Node.isCallExpression(start) ? start.getExpression() : start;
  const name = Node.isPropertyAccessExpression(called) ? called.getExpression() : called;
  if (!Node.isIdentifier(name)) {
    throw new CannotProtectError(`${placeOf(start)}: NestFactory.create is not called with a module class.`);
  }
  const named = sources.flatMap((source) => source.getClass(name.getText()) ?? []);
  const imported = declarationsOf(name).find(Node.isClassDeclaration);
  const found = imported ?? (named.length === 1 ? named[0] : undefined);
  if (found?.getDecorator('Module') !== undefined) return found;
  throw new CannotProtectError(
    `${placeOf(start)}: no class ${name.getText()} with @Module() was found in the sources of the application.`,
  );
}
