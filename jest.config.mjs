import { availableParallelism } from 'node:os';
import preset from './jest.preset.mjs';

// The whole suite in one Jest process: `npm test` counts from this run's report.
export default {
  // Jest reads it here alone, when it runs several projects.
  testTimeout: preset.testTimeout,
  // Most files wait for timers and for programs that they start.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // Each file leaves something behind in the memory of its worker, which slows down the files after it.
  workerIdleMemoryLimit: '900MB',
  testSequencer: '<rootDir>/tools/test-sequencer.mjs',
  // For `npm run coverage`: per-line counts of V8, which need no second compilation.
  coverageProvider: 'v8',
  coverageReporters: ['text-summary', 'lcov'],
  // Every file of the product, also one that no test loads; nothing that only tests load.
  collectCoverageFrom: ['{libs/*,apps}/*/src/**/*.ts', '!**/*.{spec,cases}.ts', '!**/testing/**'],
  projects: [
    '<rootDir>/libs/*/*',
    '<rootDir>/libs/identity/http/transports',
    '<rootDir>/apps/*',
    '<rootDir>/tools/boundary-proof',
    '<rootDir>/tools/packages',
  ],
};
