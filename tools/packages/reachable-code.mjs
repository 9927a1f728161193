import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { entriesOf } from './manifest.mjs';

/** The modules and declarations that the entries of a package lead to, by relative imports, with what else each imports. */
export async function reachableCode(folder, manifest) {
  const readJson = async (path) => JSON.parse(await readFile(join(folder, path), 'utf8'));
  /** @type {Map<string, string[]>} */
  const found = new Map();
  const follow = async (file) => {
    if (found.has(file)) return;
    const specifiers = importsOf(await readFile(join(folder, file), 'utf8'));
    const isRelative = (specifier) => specifier.startsWith('.');
    found.set(
      file,
      specifiers.filter((specifier) => !isRelative(specifier)),
    );
    for (const specifier of specifiers.filter(isRelative)) {
      const imported = join(dirname(file), specifier);
      await follow(file.endsWith('.d.ts') ? imported.replace(/\.js$/, '.d.ts') : imported);
    }
  };
  for (const entry of await entriesOf(manifest, readJson)) if (/\.(js|d\.ts)$/.test(entry)) await follow(entry);
  return found;
}

function importsOf(text) {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}
