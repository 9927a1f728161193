import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'api',
  globalSetup: '<rootDir>/../../tools/test-postgres/global-setup.mjs',
  globalTeardown: '<rootDir>/../../tools/test-postgres/global-teardown.mjs',
};
