import { type NewExpression, Node, type SourceFile, SyntaxKind } from 'ts-morph';
import type { Refuse } from './key-store.js';
import type { NestApp } from './nest-app.js';
import { declarationsOf, pathOf } from './sources.js';

/** A data source that the application exports. */
export interface ExportedDataSource {
  readonly source: SourceFile;
  /** The name of the export; may be `default`. */
  readonly name: string;
}

/** The file, without its extension, that has the module with the data source for keys. */
export function databaseModuleFile(app: NestApp): string {
  return `${app.sourceRoot}/identity/identity-database.module`;
}

/** How other files import a data source. */
export function findExport(created: NewExpression, refuse: Refuse): ExportedDataSource {
  const source = created.getSourceFile();
  const views = viewsOf(created);
  const exports = [...source.getExportedDeclarations()];
  const [name] = exports.find(([, nodes]) => nodes.some((node) => views.includes(node))) ?? [];
  return name === undefined ? refuse(created, 'the data source is not exported.') : { source, name };
}

/** Whether main.ts opens the data source. Refuses if another file does, because it is unclear when. */
export function isOpened(app: NestApp, created: NewExpression, refuse: Refuse): boolean {
  const openings = app.sources
    .filter((source) => pathOf(source) !== `${databaseModuleFile(app)}.ts`)
    .flatMap((source) => openingsIn(source, viewsOf(created)));
  const elsewhere = openings.find((opening) => opening.getSourceFile() !== app.main);
  if (elsewhere !== undefined)
    return refuse(elsewhere, 'the data source is opened here and not in the file that starts the application.');
  return openings.length > 0;
}

/** The calls of `initialize` on a data source. */
function openingsIn(source: SourceFile, views: readonly Node[]): Node[] {
  return source.getDescendantsOfKind(SyntaxKind.PropertyAccessExpression).filter((access) => {
    const opened = access.getExpression();
    if (access.getName() !== 'initialize') return false;
    if (!Node.isIdentifier(opened)) return views.includes(opened);
    return declarationsOf(opened).some((declared) =>
      views.includes(Node.isExportAssignment(declared) ? declared.getExpression() : declared),
    );
  });
}

/** The nodes that refer to it in imports and exports. */
function viewsOf(created: NewExpression): Node[] {
  return [created, created.getParentIfKind(SyntaxKind.VariableDeclaration) ?? created];
}
