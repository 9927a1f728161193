import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const WORKSPACE = fileURLToPath(new URL('../../../../', import.meta.url));
const GENERATOR = 'node_modules/openapi-typescript/bin/cli.js';

it('schema.ts is what docs/openapi.json says (if not: npm run openapi)', async () => {
  const generated = await promisify(execFile)(process.execPath, [GENERATOR, 'docs/openapi.json'], { cwd: WORKSPACE });
  const committed = await readFile(new URL('schema.ts', import.meta.url), 'utf8');
  expect(committed.trim()).toBe(generated.stdout.trim());
}, 30_000);
