import Sequencer from '@jest/test-sequencer';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Folders of files that take long, longest first. */
const LONG = [
  'tools/packages/',
  'libs/identity/nx/',
  'apps/api-e2e/',
  'apps/api/',
  'libs/shared/http/src/server/',
  'libs/identity/http/',
];

/**
 * Begins with what takes long, which would leave all but one core idle at the end. Jest knows how long a file takes only
 * where it ran before, which in CI it did not.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => rank(one.path) - rank(other.path));
  }
}

function rank(path) {
  const at = LONG.findIndex((folder) => path.startsWith(root + folder));
  return at === -1 ? LONG.length : at;
}
