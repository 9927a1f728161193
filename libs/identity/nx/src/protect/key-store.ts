import { type CallExpression, type NewExpression, Node, type SourceFile, SyntaxKind } from 'ts-morph';
import { CannotProtectError, placeOf } from './cannot-protect-error.js';
import { constructorOptionsOf, moduleOptionsOf } from './data-source-options.js';
import { type DataSourceOptions, readDataSourceOptions } from './data-source-type.js';
import { type ExportedDataSource, findExport, isOpened } from './exported-data-source.js';
import type { NestApp } from './nest-app.js';

/** Where the keys of an application are: at a service, in a database of their own, or where its data source leads to. */
export type KeyStore =
  | { readonly kind: 'service' | 'own-database' }
  | { readonly kind: 'nest-database'; readonly options: DataSourceOptions }
  | {
      /** Whether the application opens it before it starts, or nowhere. */
      readonly kind: 'opened-database' | 'unopened-database';
      readonly options: DataSourceOptions;
      readonly exported: ExportedDataSource;
    };

/** Ends the search at a node, with a reason. */
export type Refuse = (node: Node, reason: string) => never;

/** Looks for a data source that keys can go to. Throws for one that cannot be added to. */
export function findDatabase(app: NestApp, byHand: string): KeyStore {
  const refuse: Refuse = (node, reason) => {
    throw new CannotProtectError(`${placeOf(node)}: ${reason}\n${byHand}\n`);
  };
  const modules = app.sources.flatMap(modulesIn);
  const created = app.sources.flatMap(dataSourcesIn);
  const found = [...modules, ...created];
  const several = modules[1] ?? created[1];
  if (several !== undefined) refuse(several, `it is one of several data sources: ${found.map(placeOf).join(', ')}.`);
  const [first] = found;
  if (first === undefined) return { kind: 'own-database' };
  const options = readDataSourceOptions(
    found.map((node) => ({ node, literal: optionsOf(node) })),
    refuse,
  );
  if (Node.isCallExpression(first)) return { kind: 'nest-database', options };
  const kind = isOpened(app, first, refuse) ? 'opened-database' : 'unopened-database';
  return { kind, options, exported: findExport(first, refuse) };
}

const optionsOf = (node: CallExpression | NewExpression) =>
  Node.isCallExpression(node) ? moduleOptionsOf(node) : constructorOptionsOf(node);

function modulesIn(source: SourceFile): CallExpression[] {
  const calls = source.getDescendantsOfKind(SyntaxKind.CallExpression);
  return calls.filter((call) => /^TypeOrmModule\.forRoot(Async)?$/.test(call.getExpression().getText()));
}

function dataSourcesIn(source: SourceFile): NewExpression[] {
  const names = source
    .getImportDeclaration('typeorm')
    ?.getNamedImports()
    .map((named) => named.getName());
  if (names?.includes('DataSource') !== true) return [];
  const created = source.getDescendantsOfKind(SyntaxKind.NewExpression);
  return created.filter((each) => each.getExpression().getText() === 'DataSource');
}
