import { OptionDefaults } from 'typedoc';

// `npm run reference`: the doc comments of the packages as pages, in docs/reference.
export default {
  name: 'Feather Identity',
  readme: 'docs/library.md',
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
  out: 'docs/reference',
};
