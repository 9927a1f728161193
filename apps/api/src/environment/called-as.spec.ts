import { describe, expect, it } from '@jest/globals';
import { spelledCall } from './called-as.js';

describe('the command line, as it was called', () => {
  it.each([
    ['feather', '/srv/apps/api/dist/cli.js', 'npm run -s feather --'],
    // The service tells of a first key that it could not show.
    ['start', '/srv/apps/api/dist/main.js', 'npm run -s feather --'],
    [undefined, '/srv/apps/api/dist/cli.js', 'node apps/api/dist/cli.js'],
    ['deploy', '/srv/apps/api/dist/cli.js', 'node apps/api/dist/cli.js'],
    [undefined, '/srv/apps/api/dist/main.js', 'node apps/api/dist/cli.js'],
    [undefined, '/opt/feather/cli.js', 'node /opt/feather/cli.js'],
    [undefined, '/srv/a b/cli.js', "node 'a b/cli.js'"],
    [undefined, '/usr/local/bin/feather', 'feather'],
  ])('by the npm script %s and the program %s is %s', (npmScript, program, call) => {
    expect(spelledCall(npmScript, program, '/srv')).toBe(call);
  });
});
