// The whole suite in one Jest process: `npm test` counts from this run's report.
export default {
  projects: ['<rootDir>/libs/*/*', '<rootDir>/apps/*', '<rootDir>/tools/boundary-proof', '<rootDir>/tools/packages'],
};
