import { type CallExpression, Node, type NewExpression, type ObjectLiteralExpression, SyntaxKind } from 'ts-morph';
import { withoutType } from './properties.js';
import { declarationsOf } from './sources.js';

/**
 * Finds the object literal with the options of a data source, through names, spreads and factories; undefined if
 * reading the code does not tell which one it is.
 */
function dataSourceOptionsOf(expression: Node | undefined): ObjectLiteralExpression | undefined {
  const node = expression && withoutType(expression);
  if (Node.isObjectLiteralExpression(node)) return behindSpread(node);
  if (Node.isIdentifier(node))
    return behindName(declarationsOf(node).find(Node.isVariableDeclaration)?.getInitializer());
  // `TypeOrmModule.forRoot(dataSource.options)`
  if (Node.isPropertyAccessExpression(node) && node.getName() === 'options')
    return dataSourceOptionsOf(node.getExpression());
  return undefined;
}

/** What `TypeOrmModule.forRoot` and `forRootAsync` are called with. */
export function moduleOptionsOf(call: CallExpression): ObjectLiteralExpression | undefined {
  const [argument] = call.getArguments();
  if (!call.getExpression().getText().endsWith('Async')) return dataSourceOptionsOf(argument);
  if (!Node.isObjectLiteralExpression(argument)) return undefined;
  return dataSourceOptionsOf(returnedBy(argument.getProperty('useFactory')));
}

/** What `new DataSource` is called with. */
export function constructorOptionsOf(created: NewExpression): ObjectLiteralExpression | undefined {
  return dataSourceOptionsOf(created.getArguments()[0]);
}

function behindName(initializer: Node | undefined): ObjectLiteralExpression | undefined {
  return Node.isNewExpression(initializer) ? constructorOptionsOf(initializer) : dataSourceOptionsOf(initializer);
}

/** `{ ...options, autoLoadEntities: true }` has its type in `options`. */
function behindSpread(literal: ObjectLiteralExpression): ObjectLiteralExpression | undefined {
  const [spread, ...others] = literal.getProperties().filter(Node.isSpreadAssignment);
  if (spread === undefined || literal.getProperty('type') !== undefined) return literal;
  const overridden = ['entities', 'migrations'].some((name) => literal.getProperty(name) !== undefined);
  return others.length > 0 || overridden ? undefined : dataSourceOptionsOf(spread.getExpression());
}

function returnedBy(property: Node | undefined): Node | undefined {
  const factory = Node.isPropertyAssignment(property) ? property.getInitializer() : property;
  if (!Node.isArrowFunction(factory) && !Node.isFunctionExpression(factory) && !Node.isMethodDeclaration(factory)) {
    return undefined;
  }
  const body = factory.getBody();
  if (!Node.isBlock(body)) return body;
  const returns = body.getDescendantsOfKind(SyntaxKind.ReturnStatement);
  return returns.length === 1 ? returns[0]?.getExpression() : undefined;
}
