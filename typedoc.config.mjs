import { OptionDefaults } from 'typedoc';

// `npm run reference`: the doc comments of the packages as pages, in dist/typescript.
export default {
  name: 'Feather Identity',
  readme: 'docs/guides/nestjs.md',
  entryPointStrategy: 'packages',
  entryPoints: ['libs/*/*'],
  packageOptions: {
    entryPoints: ['src/{index,guard,*/index}.ts'],
    tsconfig: 'tsconfig.json',
    excludePrivate: true,
    excludeExternals: true,
    // openapi-typescript writes it.
    blockTags: [...OptionDefaults.blockTags, '@description'],
  },
  out: 'dist/typescript',
};
