import { applyChangesToString } from '@nx/devkit';
import { describe, expect, it } from '@jest/globals';
import { Project, SyntaxKind } from 'ts-morph';
import { addImport, append } from './insertions.js';

const parse = (text: string) => new Project({ useInMemoryFileSystem: true }).createSourceFile('/a.ts', text);

function appended(text: string, kind: SyntaxKind.ArrayLiteralExpression | SyntaxKind.ObjectLiteralExpression): string {
  const list = parse(text).getFirstDescendantByKindOrThrow(kind);
  return applyChangesToString(text, append(list, kind === SyntaxKind.ArrayLiteralExpression ? ['P', 'Q'] : ['p: 1']));
}

describe('an item that is added to a list', () => {
  it.each([
    ['[]', '[P, Q]'],
    ['[A, B]', '[A, B, P, Q]'],
    ['[A, B,]', '[A, B, P, Q,]'],
    ['[\n  A,\n  B\n]', '[\n  A,\n  B,\n  P,\n  Q\n]'],
    ['[\n  A,\n  B,\n]', '[\n  A,\n  B,\n  P,\n  Q,\n]'],
    ['[\r\n\tA,\r\n]', '[\r\n\tA,\r\n\tP,\r\n\tQ,\r\n]'],
    ['[\n  // none yet\n]', '[P, Q\n  // none yet\n]'],
    ['[\n  A, // first\n  B, // other\n]', '[\n  A, // first\n  B, // other\n  P,\n  Q,\n]'],
    ['[\n  A,\n  B // other\n]', '[\n  A,\n  B, // other\n  P,\n  Q\n]'],
    ['[\n  A,\n  // B,\n]', '[\n  A,\n  P,\n  Q,\n  // B,\n]'],
    ['[\n  f({ a: [1] }),\n]', '[\n  f({ a: [1] }),\n  P,\n  Q,\n]'],
  ])('keeps the commas, lines and comments of %j', (list, expected) => {
    expect(appended(`const list = ${list};\n`, SyntaxKind.ArrayLiteralExpression)).toBe(`const list = ${expected};\n`);
  });

  it.each([
    ['{}', '{ p: 1 }'],
    ['{ a }', '{ a, p: 1 }'],
    ['{\n  a: [1], // why\n}', '{\n  a: [1], // why\n  p: 1,\n}'],
  ])('keeps them in the object %j', (object, expected) => {
    expect(appended(`f(${object})`, SyntaxKind.ObjectLiteralExpression)).toBe(`f(${expected})`);
  });
});

describe('an import that is added', () => {
  it.each([
    ["import a from 'a';\n\nf();\n", "import a from 'a';\nimport { P } from './p';\n\nf();\n"],
    ['import a from "a"\nf()\n', 'import a from "a"\nimport { P } from "./p"\nf()\n'],
    ["// licence\nimport 'a'; // why\r\n", "// licence\nimport 'a'; // why\r\nimport { P } from './p';\r\n"],
  ])('follows the others with their quotes and semicolons: %j', (text, expected) => {
    expect(applyChangesToString(text, [addImport(parse(text), 'P', './p')])).toBe(expected);
  });

  it('is refused where there are none', () => {
    expect(() => addImport(parse('f();'), 'P', './p')).toThrow(
      'a.ts has no import declarations.\nNothing was changed.',
    );
  });
});
