import { Node, type ObjectLiteralExpression } from 'ts-morph';
import type { Refuse } from './key-store.js';
import { has, valueOf } from './properties.js';

/** The databases that can hold keys, by the names of TypeORM. */
const DATABASE_TYPES = ['better-sqlite3', 'postgres'] as const;
type DatabaseType = (typeof DATABASE_TYPES)[number];

/** The options of an application's data source: one literal, or one of Nest's and one of TypeORM's command line. */
export interface DataSourceOptions {
  readonly type: DatabaseType;
  readonly literals: readonly ObjectLiteralExpression[];
}

/** An expression that creates a data source, and its options if they are written out. */
interface DataSourceExpression {
  readonly node: Node;
  readonly literal: ObjectLiteralExpression | undefined;
}

/** Reads the options of one data source. Refuses options that cannot be read, and databases that cannot hold keys. */
export function readDataSourceOptions(found: readonly DataSourceExpression[], refuse: Refuse): DataSourceOptions {
  const literals = found.map(
    ({ node, literal }) => literal ?? refuse(node, 'the options of the data source are not written out.'),
  );
  const types = new Set(literals.map((literal) => typeOf(literal, refuse)));
  for (const literal of literals) {
    if (has(literal, 'name')) refuse(literal, 'the data source has a name of its own.');
    if (types.size > 1) refuse(literal, 'it is one of several types of data sources.');
  }
  const [type = 'postgres'] = types;
  return { type, literals: [...new Set(literals)] };
}

function typeOf(literal: ObjectLiteralExpression, refuse: Refuse): DatabaseType {
  const hidden = () => refuse(literal, 'the `type` of the data source is not written out.');
  const value = valueOf(literal, 'type', hidden) ?? hidden();
  const text = Node.isStringLiteral(value) ? value.getLiteralValue() : hidden();
  const type = DATABASE_TYPES.find((each) => each === text);
  return type ?? refuse(value, `keys are kept in PostgreSQL, or in SQLite by better-sqlite3, and not by "${text}".`);
}
