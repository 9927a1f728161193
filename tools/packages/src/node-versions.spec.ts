import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runSession } from '../documented-session.mjs';
import { NODE_VERSIONS, nodeProgram } from './node-versions.js';
import { createDatabase } from './postgres-database.js';
import { endAll, run, serve } from './program.js';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));
const MAIN = 'apps/api/dist/main.js';
/** All that a start prints: the first key, and then the line that says where the service listens. */
const LISTENS = /^([^]*API key[^]*"url":"[^"]+","msg":"listening")/;

/** What `npm run assemble` writes, where no other package can be found. */
let service: string;

beforeAll(async () => {
  service = await mkdtemp(join(tmpdir(), 'feather-assembled-'));
  await cp(await run(workspace, ['node', 'tools/assemble.mjs'], {}), service, { recursive: true });
  await Promise.all(NODE_VERSIONS.map(nodeProgram));
});

afterAll(endAll);

describe.each(NODE_VERSIONS)('the assembled service on Node.js %s', (version) => {
  it("serves the README's session on PostgreSQL, without a warning", async () => {
    const settings = { PORT: '0', DATABASE_URL: await createDatabase() };
    const folder = await mkdtemp(join(tmpdir(), 'feather-node-'));
    const command = [await nodeProgram(version), '--pending-deprecation', join(service, MAIN)];
    const printed = await serve(folder, command, settings, LISTENS);
    const key = /fth_live_\w+/.exec(printed)?.[0] ?? '';
    const url = /"url":"([^"]+)"/.exec(printed)?.[1] ?? '';
    const session = { key, url, cwd: folder };
    await expect(runSession(join(workspace, 'README.md'), 'session', session)).resolves.toContain('201');
    expect(printed).not.toMatch(/warning/i);
    expect((await fetch(`${url}/docs/swagger-ui.css`)).status).toBe(200);
  });
});

it('the service says what to do if the SQLite driver was installed for another Node.js', async () => {
  const other = NODE_VERSIONS.find((version) => majorOf(version) !== majorOf(process.versions.node)) ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'feather-node-'));
  const output = await run(folder, [await nodeProgram(other), join(service, MAIN)], { PORT: '0' }, 1);
  expect(output).toContain(`than this v${other}. Run \`npm rebuild better-sqlite3\``);
});

it('the assembled service has all that it loads for SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'feather-node-'));
  await serve(folder, ['node', join(service, MAIN)], { PORT: '0' }, LISTENS);
});

function majorOf(version: string): string | undefined {
  return version.split('.')[0];
}
