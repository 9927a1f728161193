import nx from '@nx/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// The boundaries between and inside projects. Everything else about code is in .oxlintrc.json, which is far faster.
// Run both by `npm run lint`: without Nx's project graph the boundary rule skips itself.
// tools/boundary-proof shows that each rule here still bites.

/** The legal arrows between project types; the tags stand in each package.json. */
const arrows = {
  'type:app': ['type:feature', 'type:adapter', 'type:platform', 'type:domain'],
  'type:e2e': [],
  'type:adapter': ['type:domain'],
  'type:feature': ['type:domain', 'type:client', 'type:platform'],
  'type:client': ['type:domain'],
  'type:platform': [],
  'type:domain': [],
  'type:tool': [],
  'type:web-app': ['type:ui', 'type:client'],
  'type:ui': ['type:client'],
};

const boundaries = (domainPackages) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    {
      banTransitiveDependencies: true,
      depConstraints: [
        ...Object.entries(arrows).map(([sourceTag, targets]) => ({ sourceTag, onlyDependOnLibsWithTags: targets })),
        { sourceTag: 'type:domain', allowedExternalImports: domainPackages },
      ],
    },
  ],
});

// A later block replaces a rule's options as a whole, so the blocks below compose theirs from these parts.
const uuidPackage = {
  name: 'uuid',
  message: 'Ids are not secrets: only infra/**/uuid-*.ts makes them; take an IdGenerator.',
};
const environmentImports = ['process', 'node:process'].map((name) => ({
  name,
  importNames: ['env'],
  message: 'Only the environment of an application reads the environment.',
}));
const deepPaths = {
  regex: '^@feather-identity/[^/]+/(?!(testing|tracing|guard|errors|server|address|iso-date|styles\\.css)$)',
  message: 'Import a project by its name, or by an entry that it exports, not a file in it.',
};
const fakes = {
  regex: '^@feather-identity/[^/]+/testing$|(^|/)testing/',
  message: 'Fakes and contract suites are for specs and other testing code.',
};
const useCases = { regex: '(^|/)application/', message: 'The domain does not know the use cases.' };
const ownIndex = {
  regex: '\\.\\./index\\.js$',
  message: "The library's index re-exports every layer: import the file.",
};

const imports = (patterns, paths = [uuidPackage]) => ({
  'no-restricted-imports': ['error', { paths: [...paths, ...environmentImports], patterns: [deepPaths, ...patterns] }],
});

const mathRandom = {
  object: 'Math',
  property: 'random',
  message: 'Not a source of secrets or ids: take a RandomSource.',
};
const processEnv = {
  object: 'process',
  property: 'env',
  message: 'Only the environment of an application reads the environment.',
};
const properties = (...banned) => ({ 'no-restricted-properties': ['error', ...banned] });

const exportSyntax = [
  { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  { selector: 'ExportSpecifier[exported.name="default"]', message: 'Export by name.' },
];
const dynamicImport = { selector: 'ImportExpression', message: 'A dynamic import hides a dependency from the layers.' };

const testingCode = ['**/*.spec.ts', '**/*.cases.ts', '**/testing/**/*.ts'];
const core = 'libs/identity/core/src';

export default defineConfig(
  globalIgnores([
    'libs/identity/client/src/schema.ts',
    // Other people's applications, and what they copy.
    'tools/packages/hosts/',
    'examples/',
    // It comes and goes while the site is built.
    'tools/docs-site/.vitepress/.temp/',
    '**/dist/',
    '**/node_modules/',
    '**/.nx/',
    '**/data/',
    '**/coverage/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['**/*.mjs'], rules: properties(mathRandom) },
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@nx': nx, '@typescript-eslint': tseslint.plugin },
    // Nest reads constructor types at run time: `consistent-type-imports` stands aside in files with decorators.
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': ['error', ...exportSyntax],
      ...boundaries([]),
      ...imports([fakes]),
      ...properties(mathRandom),
    },
  },
  // In a test, an absent value fails the test.
  { files: testingCode, rules: imports([]) },
  { files: ['libs/identity/infra/**/uuid-*.ts'], rules: imports([], []) },
  {
    files: ['libs/**/*.{ts,tsx}', 'apps/**/*.{ts,tsx}'],
    rules: { 'no-console': 'error', ...properties(mathRandom, processEnv) },
  },
  {
    files: [
      'apps/api/src/environment/**/*.ts',
      'apps/sample-orders/src/environment.ts',
      'apps/**/*.spec.ts',
      'apps/**/*.cases.ts',
      'apps/api-e2e/**/*.ts',
      // Reads TEST_POSTGRES_URL, which Jest's global setup has no other way to hand on.
      'libs/identity/infra/testing/test-location.ts',
    ],
    rules: properties(mathRandom),
  },
  {
    files: [
      'apps/api/src/main.ts',
      'apps/api/src/cli.ts',
      'apps/api/src/cli/**/*.ts',
      'apps/sample-orders/src/{main,create-organization}.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  { files: [`${core}/**/*.ts`], rules: { 'no-restricted-syntax': ['error', ...exportSyntax, dynamicImport] } },
  { files: [`${core}/domain/**/*.ts`], rules: imports([fakes, useCases, ownIndex]) },
  { files: [`${core}/application/**/*.ts`], rules: imports([fakes, ownIndex]) },
  { files: [`${core}/domain/**/*.spec.ts`], rules: imports([useCases, ownIndex]) },
  { files: [`${core}/application/**/*.spec.ts`], rules: imports([ownIndex]) },
  {
    files: [`${core}/**/*.spec.ts`, 'libs/identity/core/testing/**/*.ts'],
    rules: boundaries(['@jest/globals', 'fast-check']),
  },
);
