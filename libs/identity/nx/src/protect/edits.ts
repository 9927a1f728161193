import { applyChangesToString, type StringInsertion, type Tree } from '@nx/devkit';
import type { SourceFile } from 'ts-morph';
import { addImport } from './insertions.js';
import { pathOf } from './sources.js';

/** Changes of the application's own sources, collected until it is known that all of them can be made. */
export class Edits {
  readonly #insertions = new Map<SourceFile, StringInsertion[]>();
  readonly #imports = new Map<SourceFile, Set<string>>();

  /** Notes insertions into a source, none of them at the place of another. */
  insert(source: SourceFile, insertions: readonly StringInsertion[]): void {
    this.#insertions.set(source, [...(this.#insertions.get(source) ?? []), ...insertions]);
  }

  /** Notes an import, unless the source has it already or it is noted. */
  import(source: SourceFile, name: string, from: string): void {
    const existing = source.getImportDeclarations().filter((each) => each.getModuleSpecifierValue() === from);
    if (existing.some((each) => each.getNamedImports().some((named) => named.getName() === name))) return;
    const noted = this.#imports.get(source) ?? new Set();
    if (noted.has(name)) return;
    this.#imports.set(source, noted.add(name));
    this.insert(source, [addImport(source, name, from)]);
  }

  /** Makes the changes. */
  applyTo(tree: Tree): void {
    for (const [source, insertions] of this.#insertions) {
      tree.write(pathOf(source), applyChangesToString(source.getFullText(), insertions));
    }
  }
}
