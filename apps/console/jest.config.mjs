import { readFileSync } from 'node:fs';
import preset from '../../jest.preset.mjs';

const { jsc, ...swc } = JSON.parse(readFileSync(new URL('../../.swcrc', import.meta.url), 'utf8'));
const components = {
  ...swc,
  swcrc: false,
  jsc: {
    ...jsc,
    parser: { ...jsc.parser, tsx: true },
    transform: { ...jsc.transform, react: { runtime: 'automatic' } },
  },
};

export default {
  ...preset,
  displayName: 'console',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  // Components are loaded with the functions that stand beside them; nothing here renders one.
  transform: { ...preset.transform, '^.+\\.tsx$': ['@swc/jest', components] },
};
