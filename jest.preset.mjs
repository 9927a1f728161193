import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { embeddedPostgres } from './tools/test-postgres/embedded-postgres.mjs';
import { bundledPackages, bundlePackages } from './tools/test-bundles/bundles.mjs';

await bundlePackages();

const FIXED_SEED = 20_260_102;
const { FUZZ_SEED = String(FIXED_SEED), FUZZ_FACTOR = '1' } = process.env;

// Shared by every project: ESM through SWC, sources of sibling libraries instead of their build output, and a file for
// each package of many.
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1', '^embedded-postgres$': embeddedPostgres, ...bundledPackages },
  transform: { '^.+\\.ts$': ['@swc/jest', { configFile: fileURLToPath(new URL('.swcrc', import.meta.url)) }] },
  // For specs with random inputs: the same ones in every run, others with FUZZ_SEED=random, more with FUZZ_FACTOR=10.
  globals: {
    fuzz: { seed: FUZZ_SEED === 'random' ? randomInt(2 ** 31) : Number(FUZZ_SEED), factor: Number(FUZZ_FACTOR) },
  },
  // A busy machine is no failure: what a test says of time it says by its expectations.
  testTimeout: 120_000,
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
};
