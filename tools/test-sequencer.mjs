import Sequencer from '@jest/test-sequencer';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Files that take long and folders of such, longest first. By size, files that import many cases would come last. */
const LONG = [
  'tools/packages/',
  'libs/identity/infra/src/persistence/credentials/lease-model.spec.ts',
  'apps/api-e2e/src/console/',
  'libs/identity/nx/',
  'apps/api/src/callers.spec.ts',
  'apps/api/src/service.spec.ts',
  'libs/identity/http/src/operations.spec.ts',
  'apps/api-e2e/',
  'apps/api/',
  'libs/shared/http/src/answers.spec.ts',
  'libs/identity/http/src/m',
  'libs/shared/http/src/server/',
  'libs/identity/client/src/remote/',
  'libs/identity/core/all.spec.cjs',
  'tools/boundary-proof/',
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
