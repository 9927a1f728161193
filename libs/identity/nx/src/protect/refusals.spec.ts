import { describe, expect, it } from '@jest/globals';
import { APP_MODULE, OURS, snapshot, workspaceWith } from '../../testing/workspace.js';
import { CannotProtectError } from './cannot-protect-error.js';
import { protectGenerator } from './protect.generator.js';
import type { ProtectOptions } from './protect.options.js';

const REMOTE: ProtectOptions = { project: 'orders', mode: 'remote' };

/** The message of a refusal that left everything as it was. */
async function refusal(sources: Record<string, string>, options = REMOTE, packages?: object): Promise<string> {
  const tree = workspaceWith(sources);
  if (packages !== undefined) tree.write('package.json', JSON.stringify({ dependencies: { ...OURS, ...packages } }));
  const before = snapshot(tree);
  const error = await protectGenerator(tree, options).catch((thrown: unknown) => thrown);
  if (!(error instanceof CannotProtectError)) throw new Error(`It did not refuse: ${String(error)}`);
  expect(snapshot(tree)).toEqual(before);
  expect(error.message).toMatch(/\nNothing was changed\.$/);
  return error.message;
}

const app = (metadata: string) => ({
  'app.module.ts': `import { Module } from '@nestjs/common';\n@Module(${metadata})\nexport class AppModule {}\n`,
});

describe('the generator refuses', () => {
  it('an unknown project, and names those that there are', async () => {
    expect(await refusal({}, { ...REMOTE, project: 'order' })).toMatch(/no project "order".* It has: .*orders/);
  });

  it('a project without NestFactory.create', async () => {
    expect(await refusal({ 'main.ts': "import 'express';\n" })).toMatch(
      /^apps\/orders\/src is not a NestJS application/,
    );
  });

  it('a start with a class that is no module', async () => {
    const text = await refusal({ 'app.module.ts': 'export class AppModule {}\n' });
    expect(text).toMatch(/^apps\/orders\/src\/main\.ts:5: no class AppModule with @Module\(\)/);
  });

  it('a start with something that is no class, and several starts without a main.ts', async () => {
    const main = "import { NestFactory } from '@nestjs/core';\nNestFactory.create(await load());\n";
    expect(await refusal({ 'main.ts': main })).toContain('main.ts:2: ');
    const sources = { 'main.ts': '', 'a.ts': main, 'b.ts': main };
    expect(await refusal(sources)).toMatch(/a\.ts:2 and .*b\.ts:2 call NestFactory\.create/);
  });

  it.each(['metadata', '{ imports }', '{ imports: shared }', '{ imports: [A].concat(b) }', '{ ...base }'])(
    'a module with @Module(%s), and says what to add by hand',
    async (metadata) => {
      const text = await refusal(app(metadata));
      expect(text).toMatch(/^apps\/orders\/src\/app\.module\.ts:2: /);
      expect(text).toContain('imports:    IdentityClientModule.forRoot({ baseUrl, apiKey })');
      expect(text).toContain('{ provide: APP_GUARD, useExisting: ApiKeyGuard }');
    },
  );

  it('a module that has the name for something else', async () => {
    const other = "import { ProtectionModule } from './protection';\n";
    const { 'app.module.ts': text } = app('{}');
    expect(await refusal({ 'app.module.ts': other + text })).toContain('app.module.ts:1: the name ProtectionModule');
    const local = `${text}class ProtectionModule {}\n`;
    expect(await refusal({ 'app.module.ts': local })).toContain('the name ProtectionModule is taken');
  });

  it('an application that has our module already, wired by hand', async () => {
    const auth =
      "import { Public } from '@feather-identity/http';\nimport { IdentityModule } from '@feather-identity/http';\n";
    expect(await refusal({ 'auth.ts': auth })).toMatch(/auth\.ts:2: orders has IdentityModule already/);
  });

  it.each([
    [{ typeorm: '0.3.20' }, 'typeorm 0.3.20; ^0.3.27 || ^1.1.0 is needed'],
    [{ 'better-sqlite3': '^11.0.0' }, 'better-sqlite3 ^11.0.0; ^12.11.1 is needed'],
  ])('an application with %j', async (packages, expected) => {
    expect(await refusal({}, { ...REMOTE, mode: 'embedded' }, packages)).toContain(expected);
  });

  it.each([
    [{ moduleResolution: 'node' }, '^6.0.0', 'node10'],
    [{ module: 'commonjs', moduleResolution: 'node10' }, '^6.0.0', 'node10'],
    [{ module: 'commonjs' }, '~5.9.2', 'node10'],
    [{ module: 'esnext' }, '~5.9.2', 'classic'],
  ])(
    'a tsconfig with %j on TypeScript %s: our packages would not be found',
    async (compilerOptions, typescript, is) => {
      const sources = { '../tsconfig.base.json': JSON.stringify({ compilerOptions }) };
      const tsconfig = JSON.stringify({ extends: './tsconfig.base.json' });
      const text = await refusal({ ...sources, '../tsconfig.json': tsconfig }, REMOTE, { typescript });
      expect(text).toContain(`apps/orders/tsconfig.json: its moduleResolution, ${is}, does not read the \`exports\``);
    },
  );

  it('the other mode, once it has run', async () => {
    const tree = workspaceWith();
    await protectGenerator(tree, REMOTE);
    const before = snapshot(tree);
    await expect(protectGenerator(tree, { ...REMOTE, mode: 'embedded' })).rejects.toThrow(
      'orders has IdentityClientModule already. Delete apps/orders/src/identity to change the mode.',
    );
    expect(snapshot(tree)).toEqual(before);
    expect(tree.exists(APP_MODULE)).toBe(true);
  });
});
