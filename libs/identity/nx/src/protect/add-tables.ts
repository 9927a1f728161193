import { type ArrayLiteralExpression, Node, type ObjectLiteralExpression } from 'ts-morph';
import { CannotProtectError, placeOf } from './cannot-protect-error.js';
import type { DataSourceOptions } from './data-source-type.js';
import type { Edits } from './edits.js';
import { importPath } from './import-style.js';
import { append } from './insertions.js';
import type { NestApp } from './nest-app.js';
import { has, valueOf } from './properties.js';
import { pathOf } from './sources.js';

/** Path of the file with the entities and migrations for the application's data source, without its extension. */
export function tablesFile(app: NestApp): string {
  return `${app.sourceRoot}/identity/identity-tables`;
}

/** Adds our entities and migrations, and on SQLite our pragmas, to the options of a data source. */
export function addTables(
  app: NestApp,
  { type, literals }: DataSourceOptions,
  extension: string,
  byHand: string,
  edits: Edits,
): void {
  for (const literal of literals) {
    const source = literal.getSourceFile();
    const entities = listOf(literal, 'entities', byHand);
    const migrations = listOf(literal, 'migrations', byHand);
    const missing: string[] = [];
    for (const [name, list] of Object.entries({ entities, migrations })) {
      const element = `...identityTables.${name}`;
      if (list === undefined) missing.push(`${name}: [${element}]`);
      else if (!list.getElements().some((each) => each.getText() === element)) {
        edits.insert(source, append(list, [element]));
      }
    }
    // Nothing would run our migrations in an application without migrations of its own.
    if (isEmpty(migrations) && !has(literal, 'migrationsRun')) missing.push('migrationsRun: true');
    if (type === 'better-sqlite3' && !has(literal, 'prepareDatabase')) {
      missing.push('prepareDatabase: setSqlitePragmas');
      edits.import(source, 'setSqlitePragmas', '@feather-identity/infra');
    }
    if (missing.length > 0) edits.insert(source, append(literal, missing));
    edits.import(source, 'identityTables', importPath(pathOf(source), tablesFile(app), extension));
  }
}

const isEmpty = (list: ArrayLiteralExpression | undefined) => list === undefined || list.getElements().length === 0;

function listOf(literal: ObjectLiteralExpression, name: string, byHand: string) {
  const refuse = (): never => {
    throw new CannotProtectError(`${placeOf(literal)}: \`${name}\` is not an array literal.\n${byHand}\n`);
  };
  const list = valueOf(literal, name, refuse);
  return list === undefined || Node.isArrayLiteralExpression(list) ? list : refuse();
}
