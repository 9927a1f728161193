import { Node, type ObjectLiteralElementLike, type ObjectLiteralExpression } from 'ts-morph';

/**
 * The value of a property that is written out as `name: value`; undefined where there is none. `hidden` is called where
 * the property is there in another way, or may come with a spread.
 */
export function valueOf(object: ObjectLiteralExpression, name: string, hidden: () => never): Node | undefined {
  const found = object.getProperties().find((property) => nameOf(property) === name);
  if (found === undefined) return object.getProperties().some(Node.isSpreadAssignment) ? hidden() : undefined;
  return Node.isPropertyAssignment(found) ? withoutType(found.getInitializerOrThrow()) : hidden();
}

/** Whether the object itself has a property of this name. */
export function has(object: ObjectLiteralExpression, name: string): boolean {
  return object.getProperties().some((property) => nameOf(property) === name);
}

/** The expression inside of parentheses, `as` and `satisfies`. */
export function withoutType(node: Node): Node {
  return Node.isAsExpression(node) || Node.isSatisfiesExpression(node) || Node.isParenthesizedExpression(node)
    ? withoutType(node.getExpression())
    : node;
}

function nameOf(property: ObjectLiteralElementLike): string | undefined {
  if (Node.isSpreadAssignment(property)) return undefined;
  const name = property.getNameNode();
  return Node.isStringLiteral(name) ? name.getLiteralValue() : name.getText();
}
