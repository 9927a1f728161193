import { fileURLToPath } from 'node:url';
import { generateFiles, OverwriteStrategy, type Tree } from '@nx/devkit';
import { databaseModuleFile, type ExportedDataSource } from './exported-data-source.js';
import { importPath } from './import-style.js';
import type { KeyStore } from './key-store.js';
import type { NestApp } from './nest-app.js';
import { pathOf } from './sources.js';

/** What the generated files have in common. */
export interface FileSettings {
  readonly extension: string;
  readonly keyNamespace: string;
}

/** Writes the wiring for keys that are there. Files that exist already stay as they are. */
export function writeFiles(tree: Tree, app: NestApp, store: KeyStore, settings: FileSettings): void {
  const write = (folder: string, substitutions: Record<string, unknown> = {}) => {
    const templates = fileURLToPath(new URL(`../../generators/protect/files/${folder}`, import.meta.url));
    const overwriteStrategy = OverwriteStrategy.KeepExisting;
    generateFiles(tree, templates, `${app.sourceRoot}/identity`, substitutions, { overwriteStrategy });
  };
  if (store.kind === 'service') {
    write('service', { ...settings });
    return;
  }
  write('embedded', { ...settings, hasDatabaseModule: store.kind !== 'nest-database' });
  if ('options' in store) write('app-tables', { databaseType: store.options.type });
  if (store.kind === 'own-database') write(store.kind);
  if ('exported' in store) write(store.kind, importOf(app, store.exported, settings.extension));
}

function importOf(app: NestApp, { source, name }: ExportedDataSource, extension: string): Record<string, string> {
  const isDefault = name === 'default';
  const file = pathOf(source).replace(/\.ts$/, '');
  return {
    dataSourceName: isDefault ? 'dataSource' : name,
    dataSourceImport: isDefault ? 'dataSource' : `{ ${name} }`,
    dataSourcePath: importPath(databaseModuleFile(app), file, extension),
  };
}
