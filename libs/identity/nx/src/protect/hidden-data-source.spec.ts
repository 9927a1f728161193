import type { Tree } from '@nx/devkit';
import { describe, expect, it } from '@jest/globals';
import { APP, MODULE, OURS, snapshot, workspaceWith } from '../../testing/workspace.js';
import { protectGenerator } from './protect.generator.js';

const options = { project: 'orders', mode: 'embedded' } as const;

const inLibrary = {
  'app.module.ts': MODULE.replace("'./orders/orders.module'", "'@acme/database'"),
};
const packageJson = (path: string, dependencies: object) => (tree: Tree) => {
  tree.write(path, JSON.stringify({ name: 'any', dependencies }));
};
const nothing = () => undefined;

describe('an application without a data source in its sources is refused, and told of --ownDatabase, where', () => {
  it.each([
    [
      'one of them imports typeorm',
      { 'order.ts': "import { Entity } from 'typeorm';\n" },
      nothing,
      `${APP}/src/order.ts:1 imports typeorm,`,
    ],
    [
      'one of them imports @nestjs/typeorm',
      { 'a.ts': "\nimport { TypeOrmModule } from '@nestjs/typeorm';\n" },
      nothing,
      `${APP}/src/a.ts:2 imports @nestjs/typeorm,`,
    ],
    [
      'the workspace has TypeORM',
      inLibrary,
      packageJson('package.json', { ...OURS, '@nestjs/typeorm': '^12.0.0' }),
      'package.json has TypeORM,',
    ],
    [
      'it has TypeORM itself',
      inLibrary,
      packageJson(`${APP}/package.json`, { typeorm: '^1.1.0' }),
      `${APP}/package.json has TypeORM,`,
    ],
    [
      'a library has TypeORM',
      inLibrary,
      (tree: Tree) => {
        tree.write('libs/database/project.json', JSON.stringify({ name: 'database' }));
        packageJson('libs/database/package.json', { typeorm: '^1.1.0' })(tree);
      },
      'libs/database/package.json has TypeORM,',
    ],
  ])('%s', async (_where, sources, change, sign) => {
    const tree = workspaceWith(sources);
    change(tree);
    const before = snapshot(tree);
    const refusal = await protectGenerator(tree, options).catch((thrown: unknown) => String(thrown));
    expect(refusal).toContain(`${sign} but no data source was found in ${APP}/src. A library may have it.`);
    expect(refusal).toContain('Use --ownDatabase for a database that holds keys alone.');
    expect(refusal).toContain('...identityEntities(type)');
    expect(snapshot(tree)).toEqual(before);

    await protectGenerator(tree, { ...options, ownDatabase: true });
    expect(tree.exists(`${APP}/src/identity/identity-database.module.ts`)).toBe(true);
    const after = snapshot(tree);
    await protectGenerator(tree, options);
    expect(snapshot(tree)).toEqual(after);
  });
});
