import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import root from './jest.config.mjs';
import core from './libs/identity/core/jest.config.mjs';

const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

/** `npm run test:unit`: tests without databases and processes, with a tenth of the random inputs. */
export default {
  ...root,
  projects: [
    {
      ...core,
      rootDir: fileURLToPath(new URL('libs/identity/core', import.meta.url)),
      testMatch: ['<rootDir>/all.spec.cjs'],
      // Only `require` loads a module while a `describe` runs.
      extensionsToTreatAsEsm: [],
      transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false, module: { type: 'commonjs' } }] },
    },
    '<rootDir>/libs/identity/client',
    '<rootDir>/libs/identity/http',
    '<rootDir>/libs/shared/http',
  ],
};
