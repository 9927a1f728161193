import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { exportsOf } from './exports-of.js';
import { tarballs } from './tarballs.js';

// What is exported is promised. After a change on purpose: `npx nx run packages:test -- public-exports -u`.
it('the packages have these entries', () => {
  expect(tarballs.map(({ name, manifest }) => [name, ...Object.keys(manifest.exports)])).toMatchSnapshot();
});

describe.each(tarballs)('$name', ({ folder, manifest }) => {
  const entries = Object.entries(manifest.exports).flatMap(([entry, target]) =>
    typeof target === 'object' && target['types'] !== undefined ? [[entry, target['types']] as const] : [],
  );

  it.each(entries)('exports this at %s', (_entry, types) => {
    expect(exportsOf(join(folder, types))).toMatchSnapshot();
  });
});
