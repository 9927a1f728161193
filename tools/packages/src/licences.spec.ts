import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** Licences that ask no more of those who use the packages or the service than to keep a notice. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

/** Packages that name their licence in a form that npm no longer reads, with what it says. */
const IN_AN_OLD_FORM: Readonly<Record<string, string>> = {
  'node_modules/busboy': 'MIT',
  'node_modules/streamsearch': 'MIT',
};

/** Whether one of the alternatives of an SPDX expression is permissive in all of its parts. */
const isPermissive = (expression: string) =>
  expression
    .replaceAll(/[()]/gu, '')
    .split(' OR ')
    .some((alternative) => alternative.split(' AND ').every((licence) => PERMISSIVE.has(licence)));

it('everything that comes with the packages and the service has a permissive licence', () => {
  const lockfile = new URL('../../../package-lock.json', import.meta.url);
  const { packages } = JSON.parse(readFileSync(lockfile, 'utf8')) as { packages: Record<string, LockedPackage> };
  const others = Object.entries(packages)
    .filter(([path, { dev, link }]) => path.startsWith('node_modules/') && dev !== true && link !== true)
    .map(([path, { license }]) => `${path}: ${license ?? IN_AN_OLD_FORM[path] ?? 'none'}`)
    .filter((line) => !isPermissive(line.slice(line.indexOf(': ') + 2)));
  expect(others).toEqual([]);
});
