import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Program } from '../../testing/program.js';
import { APART, BARE, WITH_EXPORTED_DATA_SOURCE, WITH_NEST_DATA_SOURCE } from '../../testing/scratch-apps.js';
import { ScratchWorkspace, SERVICE } from '../../testing/scratch-workspace.js';

// Four runs of Nx and one of TypeScript, on a machine that may be busy.
const PREPARATION_MS = 240_000;
const START_MS = 60_000;

const LISTENING = /listening on (\S+)/;
const FIRST_KEY = /^API key \(shown once\): (\S+)$/m;

const running: Program[] = [];
const outputs = new Map<string, string>();
let workspace: ScratchWorkspace;

beforeAll(async () => {
  workspace = await ScratchWorkspace.create({
    apart: APART,
    nest: WITH_NEST_DATA_SOURCE,
    exported: WITH_EXPORTED_DATA_SOURCE,
    bare: BARE,
  });
  await protect('apart', '--mode=embedded', '--ownDatabase');
  for (const app of ['nest', 'exported']) await protect(app, '--mode=embedded');
  await protect('bare', '--mode=remote');
  await workspace.compile();
}, PREPARATION_MS);
afterEach(() => Promise.all(running.splice(0).map((program) => program.stop())));
afterAll(() => workspace.remove());

async function protect(app: string, ...options: string[]): Promise<void> {
  const { status, output } = await workspace.protect(app, ...options);
  if (status !== 0) throw new Error(output);
  outputs.set(app, output);
}

async function start(program: string, options: readonly string[], variables = {}): Promise<Program> {
  const started = await workspace.start(program, options, variables);
  running.push(started);
  return started;
}

async function statusOf(url: string, path: string, key?: string): Promise<number> {
  const { status } = await fetch(url + path, { headers: key === undefined ? {} : { 'x-api-key': key } });
  return status;
}

/** A key that may read invoices and no orders. */
async function narrowKey(url: string, key: string): Promise<string> {
  const answer = await fetch(`${url}/v1/identity/api-keys`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Narrow', scopes: ['invoices:read'] }),
  });
  return ((await answer.json()) as { plain_text_key: string }).plain_text_key;
}

/** The statuses that an application answers with, to keys that may do everything and nothing of use. */
async function answersOf(url: string, key: string, narrow: string): Promise<Record<string, number>> {
  return {
    withoutKey: await statusOf(url, '/orders'),
    withoutScope: await statusOf(url, '/orders', narrow),
    withScope: await statusOf(url, '/orders', key),
    undeclared: await statusOf(url, '/orders/undeclared', key),
    public: await statusOf(url, '/orders/prices'),
  };
}
const GUARDED = { withoutKey: 401, withoutScope: 403, withScope: 200, undeclared: 403, public: 200 };

describe('an application of another workspace, after `nx g @feather-identity/nx:protect`', () => {
  it(
    'answers 401, 403 and 200 with keys of its own database, on Express and Fastify',
    async () => {
      const answers = async (app: string, platform: string) => {
        const program = await start(`${app}/src/main.js`, [platform]);
        const url = await program.printed(LISTENING);
        const key = await program.printed(FIRST_KEY);
        return { app, ...(await answersOf(url, key, await narrowKey(url, key))), program };
      };
      const all = await Promise.all([
        answers('apart', 'fastify'),
        answers('nest', 'express'),
        answers('exported', 'fastify'),
      ]);
      for (const { app, program, ...statuses } of all) {
        expect([app, statuses]).toEqual([app, GUARDED]);
        // A last use that could not be written would be a warning. The handler that is not declared is one.
        const lines = (await program.stop()).output.split('\n').filter((line) => !line.includes('undeclared'));
        expect(lines.join('\n')).not.toMatch(/WARN|ERROR/);
      }
    },
    START_MS,
  );

  it(
    'answers them with keys of a running service',
    async () => {
      const service = await start(SERVICE, [], { PORT: '0' });
      const serviceUrl = await service.printed(/"url":"([^"]+)","msg":"listening"/);
      const key = await service.printed(FIRST_KEY);
      const variables = { IDENTITY_URL: serviceUrl, IDENTITY_API_KEY: key };
      const url = await (await start('bare/src/main.js', ['express'], variables)).printed(LISTENING);
      expect(await answersOf(url, key, await narrowKey(serviceUrl, key))).toEqual(GUARDED);
    },
    START_MS,
  );

  it(
    'prints a key at the start of its server alone, and in no test',
    async () => {
      const worker = await start('exported/src/worker.js', []);
      expect(await worker.outcome).toEqual({ status: 0, output: 'worked\n' });
      const tested = await start('exported/src/main.js', ['express'], { NODE_ENV: 'test' });
      await tested.printed(LISTENING);
      expect((await tested.stop()).output).not.toMatch(FIRST_KEY);
    },
    START_MS,
  );

  it(
    'does not start unguarded where its settings are missing or wrong',
    async () => {
      const starts = [
        start('bare/src/main.js', ['express']),
        start('apart/src/main.js', ['express'], { NODE_ENV: 'production' }),
        start('apart/src/main.js', ['express'], { IDENTITY_DATABASE_URL: 'mysql://localhost' }),
      ];
      const outcomes = await Promise.all((await Promise.all(starts)).map((program) => program.outcome));
      expect(outcomes).toEqual(
        ['IDENTITY_URL is not set.', 'API_KEY_PEPPERS is not set', 'IDENTITY_DATABASE_URL must be sqlite:PATH or'].map(
          (reason) => ({ status: 1, output: expect.stringContaining(reason) }),
        ),
      );
      for (const { output } of outcomes) expect(output).not.toMatch(LISTENING);
    },
    START_MS,
  );
});

describe('the command line of Nx', () => {
  it('tells what was changed and what is left to do', () => {
    for (const app of ['apart', 'nest', 'exported', 'bare']) {
      expect(outputs.get(app)).toContain(`CREATE apps/${app}/src/identity/protection.module.ts`);
      expect(outputs.get(app)).toContain(`UPDATE apps/${app}/src/app.module.ts`);
      expect(outputs.get(app)).toContain(`Every route of ${app} is guarded. Next steps:`);
    }
  });

  it(
    'tells why a project cannot be guarded',
    async () => {
      const { status, output } = await workspace.protect('order', '--mode=remote');
      expect(status).toBe(1);
      expect(output).toContain('There is no project "order" in this workspace. It has: ');
    },
    START_MS,
  );
});
