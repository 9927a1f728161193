import { logger } from '@nx/devkit';
import { describe, expect, it, jest } from '@jest/globals';
import { APP, APP_MODULE, MODULE, PROTECTION, snapshot, textOf, workspaceWith } from '../../testing/workspace.js';
import { protectGenerator } from './protect.generator.js';

const MODES = ['embedded', 'remote'] as const;

describe.each(MODES)('protecting an application in mode %s', (mode) => {
  it('changes nothing the second time', async () => {
    const tree = workspaceWith();
    await protectGenerator(tree, { project: 'orders', mode });
    const after = snapshot(tree);
    expect(after[APP_MODULE]).not.toBe(MODULE);
    await protectGenerator(tree, { project: 'orders', mode });
    expect(snapshot(tree)).toEqual(after);
  });

  it('keeps what was written into its files since', async () => {
    const tree = workspaceWith();
    await protectGenerator(tree, { project: 'orders', mode });
    const edited = `${textOf(tree, PROTECTION)}// Ours.\n`;
    tree.write(PROTECTION, edited);
    await protectGenerator(tree, { project: 'orders', mode });
    expect(textOf(tree, PROTECTION)).toBe(edited);
  });

  it('provides the guard to the whole application', async () => {
    const tree = workspaceWith();
    await protectGenerator(tree, { project: 'orders', mode });
    expect(textOf(tree, PROTECTION)).toContain('{ provide: APP_GUARD, useExisting: ApiKeyGuard }');
  });

  it('does so in the project that is the workspace itself', async () => {
    const tree = workspaceWith();
    for (const file of ['main.ts', 'app.module.ts']) tree.rename(`${APP}/src/${file}`, `src/${file}`);
    tree.write('project.json', JSON.stringify({ name: 'alone', sourceRoot: './src' }));
    await protectGenerator(tree, { project: 'alone', mode });
    const after = snapshot(tree);
    expect(after).toHaveProperty(['src/identity/protection.module.ts']);
    await protectGenerator(tree, { project: 'alone', mode });
    expect(snapshot(tree)).toEqual(after);
  });

  it.each([
    [undefined, 'fth'],
    ['acme', 'acme'],
  ])('writes the namespace %s', async (keyNamespace, expected) => {
    const tree = workspaceWith();
    await protectGenerator(tree, { project: 'orders', mode, ...(keyNamespace === undefined ? {} : { keyNamespace }) });
    expect(textOf(tree, PROTECTION)).toMatch(new RegExp(`amespace: '${expected}'`));
  });

  it('formats what it writes, as prettier is set up', async () => {
    const tree = workspaceWith();
    tree.write('.prettierrc', JSON.stringify({ semi: false }));
    await protectGenerator(tree, { project: 'orders', mode });
    expect(textOf(tree, PROTECTION)).not.toContain(';\n');
    expect(textOf(tree, APP_MODULE)).toContain('import { ProtectionModule } from "./identity/protection.module"\n');
  });

  it('says what is left to do', async () => {
    const info = jest.spyOn(logger, 'info').mockImplementation(() => undefined);
    const tree = workspaceWith();
    await protectGenerator(tree, { project: 'orders', mode });
    const done = await protectGenerator(tree, { project: 'orders', mode });
    await done();
    const said = String(info.mock.calls[0]?.[0]);
    info.mockRestore();
    expect(said).toContain('Every route of orders is guarded.');
    expect(said).toContain('@RequireScopes(...) or @Public()');
    expect(said).toContain(mode === 'remote' ? 'IDENTITY_API_KEY' : 'API_KEY_PEPPERS');
  });
});
