import { fileIn, type Folder, type ForbiddenProbe } from './probe.js';

const refuses = (title: string, folder: Folder, code: string, rule: string, message: RegExp): ForbiddenProbe => ({
  title: `${title} in ${folder}`,
  file: fileIn(folder),
  code,
  rule,
  message,
});

const environment = [
  ...(['application', 'infra', 'http', 'api', 'sample'] as const).map((folder) =>
    refuses(
      'process.env',
      folder,
      'export const mode = process.env.MODE;\n',
      'no-restricted-properties',
      /environment/,
    ),
  ),
  refuses(
    'a destructured env',
    'infra',
    'export const { env } = process;\n',
    'no-restricted-properties',
    /environment/,
  ),
  refuses('an imported env', 'infra', "export { env } from 'node:process';\n", 'no-restricted-imports', /environment/),
];

const randomness = (['domain', 'infra', 'api', 'e2e', 'tool'] as const).map((folder) =>
  refuses('Math.random', folder, 'export const dice = Math.random();\n', 'no-restricted-properties', /RandomSource/),
);

const syntax = [
  refuses(
    'export *',
    'http',
    "export * from './identity.module.js';\n",
    'no-restricted-syntax',
    /Name what is exported/,
  ),
  refuses('a default export', 'api', 'export default 1;\n', 'no-restricted-syntax', /Export by name/),
  refuses('an alias to default', 'api', 'const a = 1;\nexport { a as default };\n', 'no-restricted-syntax', /by name/),
  refuses(
    'a dynamic import',
    'domain',
    "export const load = (): Promise<unknown> => import('../application/ports/clock.js');\n",
    'no-restricted-syntax',
    /hides a dependency/,
  ),
  ...(['infra', 'api', 'sample'] as const).map((folder) =>
    refuses('console', folder, "console.log('hello');\n", 'no-console', /Unexpected console/),
  ),
];

const typeImports = [
  refuses(
    'a value import of a type',
    'http',
    "import { Clock } from './clock.js';\nexport type Watch = Clock;\n",
    '@typescript-eslint/consistent-type-imports',
    /only used as types/,
  ),
  refuses(
    'an inline type import',
    'domain',
    "export type Source = import('typeorm').DataSource;\n",
    '@typescript-eslint/consistent-type-imports',
    /`import\(\)` type annotations/,
  ),
];

/** Code that no project may hold, whatever it imports. */
export const forbiddenCode: readonly ForbiddenProbe[] = [...environment, ...randomness, ...syntax, ...typeImports];

const work = 'const work = async (): Promise<void> => {\n  await Promise.resolve();\n};\n';

/** What oxlint refuses, by rule. */
export const forbiddenByTypes: readonly { readonly rule: string; readonly code: string }[] = [
  { rule: 'typescript(no-floating-promises)', code: `${work}work();\n` },
  { rule: 'typescript(no-misused-promises)', code: `${work}setTimeout(work, 1);\n` },
  {
    rule: 'typescript(switch-exhaustiveness-check)',
    code: "export function decide(verdict: 'yes' | 'no'): void {\n  switch (verdict) {\n    case 'yes':\n  }\n}\n",
  },
  { rule: 'typescript(no-explicit-any)', code: 'export type Body = any;\n' },
  { rule: 'typescript(no-unsafe-assignment)', code: "export const parsed: string = JSON.parse('1');\n" },
  { rule: 'eslint(eqeqeq)', code: 'export const same = (a: string, b: string): boolean => a == b;\n' },
];
