import { Node, type ObjectLiteralExpression } from 'ts-morph';
import { CannotProtectError, placeOf } from './cannot-protect-error.js';
import type { Edits } from './edits.js';
import { importPath } from './import-style.js';
import { append } from './insertions.js';
import type { NestApp } from './nest-app.js';
import { valueOf } from './properties.js';
import { pathOf } from './sources.js';

const MODULE = 'ProtectionModule';

/** Path of the module that the generator writes, without its extension. */
export function protectionModuleFile(app: NestApp): string {
  return `${app.sourceRoot}/identity/protection.module`;
}

/** Adds `ProtectionModule` to the imports of the root module. Throws if these are not an array literal. */
export function importProtection(app: NestApp, extension: string, byHand: string, edits: Edits): void {
  const source = app.rootModule.getSourceFile();
  const from = importPath(pathOf(source), protectionModuleFile(app), extension);
  const imports = importsOf(app, byHand);
  const known = source.getImportDeclarations().find((each) => namesOf(each).includes(MODULE));
  if (known === undefined && source.getLocal(MODULE) === undefined) edits.import(source, MODULE, from);
  else if (known?.getModuleSpecifierValue() !== from) {
    throw new CannotProtectError(
      `${placeOf(known ?? source)}: the name ${MODULE} is taken: it means something else here.`,
    );
  }
  if (Node.isObjectLiteralExpression(imports)) edits.insert(source, append(imports, [`imports: [${MODULE}]`]));
  else if (!imports.getElements().some((element) => element.getText() === MODULE)) {
    edits.insert(source, append(imports, [MODULE]));
  }
}

/** The array literal of the imports, or the object literal without imports. */
function importsOf({ rootModule }: NestApp, byHand: string) {
  const refuse = (what: string): never => {
    const name = rootModule.getName() ?? 'the root module';
    throw new CannotProtectError(`${placeOf(rootModule)}: ${what} of ${name} is not written out.\n${byHand}\n`);
  };
  const [metadata] = rootModule.getDecoratorOrThrow('Module').getArguments();
  if (!Node.isObjectLiteralExpression(metadata)) return refuse('the object literal in @Module()');
  const imports = valueOf(metadata, 'imports', () => refuse('the array literal of `imports`'));
  if (imports === undefined) return metadata satisfies ObjectLiteralExpression;
  return Node.isArrayLiteralExpression(imports) ? imports : refuse('the array literal of `imports`');
}

function namesOf(declaration: Node): string[] {
  return Node.isImportDeclaration(declaration)
    ? declaration.getNamedImports().map((named) => named.getAliasNode()?.getText() ?? named.getName())
    : [];
}
