import { ChangeType, type StringInsertion } from '@nx/devkit';
import { type ArrayLiteralExpression, Node, type ObjectLiteralExpression, type SourceFile, ts } from 'ts-morph';
import { CannotProtectError } from './cannot-protect-error.js';
import { pathOf } from './sources.js';

/** Adds items to the end of a list, in the layout that it has. Comments stay with the items that they stand behind. */
export function append(list: ArrayLiteralExpression | ObjectLiteralExpression, texts: string[]): StringInsertion[] {
  const { items, end, last } = itemsOf(list);
  const source = list.getSourceFile().getFullText();
  if (last === undefined) {
    const text = texts.join(', ');
    return [insert(list.getStart() + 1, Node.isObjectLiteralExpression(list) ? ` ${text} ` : text)];
  }
  const closing = list.getEnd() - 1;
  if (!source.slice(last.end, closing).includes('\n'))
    return [insert(last.end, texts.map((text) => `, ${text}`).join(''))];
  const line = endOfLine(source, end);
  const below = texts.map((text) => `${lineBreak(source)}${indentationAt(source, last.getStart())}${text}`).join(',');
  if (items.hasTrailingComma) return [insert(line, `${below},`)];
  return [insert(last.end, ','), insert(line, below)];
}

/** Adds an import below the others, with their quotes and semicolons. */
export function addImport(source: SourceFile, name: string, from: string): StringInsertion {
  const last = source.getImportDeclarations().at(-1);
  if (last === undefined) throw new CannotProtectError(`${pathOf(source)} has no import declarations.`);
  const text = source.getFullText();
  const quote = last.getModuleSpecifier().getQuoteKind() as string;
  const semicolon = last.getText().endsWith(';') ? ';' : '';
  const line = `${lineBreak(text)}import { ${name} } from ${quote}${from}${quote}${semicolon}`;
  return insert(endOfLine(text, last.getEnd()), line);
}

function itemsOf(list: ArrayLiteralExpression | ObjectLiteralExpression) {
  const items: ts.NodeArray<ts.Node> = Node.isArrayLiteralExpression(list)
    ? list.compilerNode.elements
    : list.compilerNode.properties;
  return { items, end: items.end, last: items.at(-1) };
}

/** Behind the comments that follow on the same line. */
function endOfLine(text: string, position: number): number {
  return ts.getTrailingCommentRanges(text, position)?.at(-1)?.end ?? position;
}

function indentationAt(text: string, position: number): string {
  const line = text.slice(text.lastIndexOf('\n', position) + 1, position);
  return line.slice(0, line.length - line.trimStart().length);
}

function lineBreak(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function insert(index: number, text: string): StringInsertion {
  return { type: ChangeType.Insert, index, text };
}
