import { describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { run } from './program.js';
import { tarballs } from './tarballs.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const PUBLINT = 'node_modules/publint/src/cli.js';
const ATTW = 'node_modules/@arethetypeswrong/cli/dist/index.js';

describe.each(tarballs)('$name', ({ file, name }) => {
  it('has nothing that publint would say of it', async () => {
    expect(await run(root, ['node', PUBLINT, 'run', file, '--strict'], {})).toContain('All good!');
  });

  it('has the right types for ES modules', async () => {
    const report = await run(root, ['node', ATTW, file, '--profile', 'esm-only', '--format', 'ascii'], {});
    expect(report).toContain(name);
  });
});
