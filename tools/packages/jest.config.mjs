import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'packages',
  globalSetup: '<rootDir>/global-setup.mjs',
  globalTeardown: '<rootDir>/../test-postgres/global-teardown.mjs',
  setupFilesAfterEnv: ['<rootDir>/src/patience.ts'],
};
