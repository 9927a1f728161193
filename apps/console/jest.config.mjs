import preset from '../../jest.preset.mjs';

// What the specs test may come from a library with components.
const [[pattern, [transformer, options]]] = Object.entries(preset.transform);
const react = { parser: { syntax: 'typescript', tsx: true }, transform: { react: { runtime: 'automatic' } } };

export default {
  ...preset,
  displayName: 'console',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { [pattern]: [transformer, options], '^.+\\.tsx$': [transformer, { ...options, jsc: react }] },
};
