import preset from '../../../../jest.preset.mjs';

// GraphQL and WebSockets reach into NestJS by paths of their own, past the packages that are made one file elsewhere.
const [[sourceOfJs, source]] = Object.entries(preset.moduleNameMapper);

export default {
  ...preset,
  displayName: 'identity-http-transports',
  moduleNameMapper: { [sourceOfJs]: source, '^@fastify/static$': '<rootDir>/no-files.cjs' },
  testMatch: ['<rootDir>/*.spec.ts'],
};
