import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const LIBRARIES = fileURLToPath(new URL('../../../libs', import.meta.url));

const files = readdirSync(LIBRARIES, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\/src\/.*\.(?:spec|cases)\.ts$/.test(file) && !file.includes('node_modules'))
  .sort();

/** The files of cases that a spec imports. */
function casesIn(spec: string): string[] {
  const imports = readFileSync(join(LIBRARIES, spec), 'utf8').matchAll(/^import '(.+\.cases)\.js';$/gm);
  return [...imports].map(([, path]) => join(dirname(spec), `${path ?? ''}.ts`));
}

// Jest looks for specs alone: cases that none of them imports would never fail.
it('every file of cases belongs to one spec', () => {
  const run = files.filter((file) => file.endsWith('.spec.ts')).flatMap(casesIn);
  expect(run.sort()).toEqual(files.filter((file) => file.endsWith('.cases.ts')));
});
