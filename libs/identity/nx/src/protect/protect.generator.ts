import { formatFiles, type GeneratorCallback, logger, type Tree } from '@nx/devkit';
import { addTables, tablesFile } from './add-tables.js';
import { byHand } from './by-hand.js';
import { CannotProtectError, placeOf } from './cannot-protect-error.js';
import { checkModuleResolution } from './compiler-options.js';
import { Edits } from './edits.js';
import { checkNoHiddenDataSource } from './hidden-data-source.js';
import { importExtension } from './import-style.js';
import { findDatabase, type KeyStore } from './key-store.js';
import { type NestApp, readNestApp } from './nest-app.js';
import { nextSteps } from './next-steps.js';
import { addPackages, checkPackages } from './packages.js';
import type { ProtectMode, ProtectOptions } from './protect.options.js';
import { importProtection, protectionModuleFile } from './root-module.js';
import { pathOf } from './sources.js';
import { writeFiles } from './write-files.js';

const DEFAULT_NAMESPACE = 'fth';
const MODULES: ReadonlyMap<string, ProtectMode> = new Map([
  ['IdentityModule', 'embedded'],
  ['IdentityClientModule', 'remote'],
]);

/**
 * Guards every route of a NestJS application with API keys: writes `src/identity`, imports it in the root module and adds
 * the packages. Run again it changes nothing. Throws `CannotProtectError`, before any change, for an application that it
 * cannot edit. The callback installs the packages and says what to do next.
 */
export async function protectGenerator(tree: Tree, options: ProtectOptions): Promise<GeneratorCallback> {
  const { project, mode, keyNamespace = DEFAULT_NAMESPACE } = options;
  const app = readNestApp(tree, project);
  checkPackages(tree, app, mode);
  checkModuleResolution(tree, app.root);
  checkWiring(app, mode);
  const settings = { extension: importExtension(tree, app), keyNamespace };
  const store: KeyStore = mode === 'remote' ? { kind: 'service' } : databaseFor(tree, app, options.ownDatabase);
  const edits = new Edits();
  importProtection(app, settings.extension, byHand(mode), edits);
  if ('options' in store) addTables(app, store.options, settings.extension, byHand(mode), edits);
  edits.applyTo(tree);
  writeFiles(tree, app, store, settings);
  const install = addPackages(tree, app, store);
  await formatFiles(tree);
  return async () => {
    await install();
    logger.info(['', `Every route of ${project} is guarded. Next steps:`, ...nextSteps(store)].join('\n'));
  };
}

/** If an earlier run chose a database for keys alone, they stay there. */
function databaseFor(tree: Tree, app: NestApp, ownDatabase = false): KeyStore {
  const ranBefore = tree.exists(`${protectionModuleFile(app)}.ts`);
  const decided = ranBefore ? !tree.exists(`${tablesFile(app)}.ts`) : ownDatabase;
  if (decided) return { kind: 'own-database' };
  const store = findDatabase(app, byHand('embedded'));
  if (store.kind === 'own-database') checkNoHiddenDataSource(tree, app, byHand('embedded'));
  return store;
}

/** Throws if the application has our module already, but not from this generator in this mode. */
function checkWiring(app: NestApp, mode: ProtectMode): void {
  for (const source of app.sources) {
    const imported = source
      .getImportDeclarations()
      .filter((each) => each.getModuleSpecifierValue().startsWith('@feather-identity/http'))
      .flatMap((each) => each.getNamedImports());
    const named = imported.find((each) => MODULES.has(each.getName()));
    if (named === undefined) continue;
    const isOurs = pathOf(source) === `${protectionModuleFile(app)}.ts`;
    if (isOurs && MODULES.get(named.getName()) === mode) continue;
    const advice = isOurs ? `Delete ${app.sourceRoot}/identity to change the mode.` : 'Nothing needs to be added.';
    throw new CannotProtectError(`${placeOf(named)}: ${app.project} has ${named.getName()} already. ${advice}`);
  }
}
