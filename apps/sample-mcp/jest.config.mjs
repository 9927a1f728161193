import { fileURLToPath } from 'node:url';
import preset from '../../jest.preset.mjs';

// Its `source` is TypeScript too, which nothing compiles there.
const parser = (entry) => fileURLToPath(import.meta.resolve(`eventsource-parser${entry}`));

export default {
  ...preset,
  displayName: 'sample-mcp',
  moduleNameMapper: {
    ...preset.moduleNameMapper,
    '^eventsource-parser$': parser(''),
    '^eventsource-parser/stream$': parser('/stream'),
  },
};
