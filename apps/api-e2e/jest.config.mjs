import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'api-e2e',
  globalSetup: '<rootDir>/../../tools/test-postgres/global-setup.mjs',
  globalTeardown: '<rootDir>/../../tools/test-postgres/global-teardown.mjs',
  setupFilesAfterEnv: ['<rootDir>/src/support/clean-up.ts'],
};
