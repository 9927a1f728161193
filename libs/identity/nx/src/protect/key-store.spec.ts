import { describe, expect, it } from '@jest/globals';
import { APP, MODULE, snapshot, textOf, workspaceWith } from '../../testing/workspace.js';
import { protectGenerator } from './protect.generator.js';

const options = { project: 'orders', mode: 'embedded' } as const;
const IDENTITY = `${APP}/src/identity`;
const nest = (argument: string, method = 'forRoot') =>
  MODULE.replace('imports: [', `imports: [TypeOrmModule.${method}(${argument}), `).replace(
    "from '@nestjs/common';\n",
    "from '@nestjs/common';\nimport { TypeOrmModule } from '@nestjs/typeorm';\n",
  );
const POSTGRES = "{ type: 'postgres', entities: [Order], migrations: [First] }";
const ADDED =
  "{ type: 'postgres', entities: [Order, ...identityTables.entities], migrations: [First, ...identityTables.migrations] }";
const dataSource = (literal: string, prefix = 'export const dataSource = ') =>
  `import { DataSource } from 'typeorm';\n\n${prefix}new DataSource(${literal});\n`;
const TABLES_IMPORT = "import { identityTables } from './identity/identity-tables';\n";

async function generated(sources: Record<string, string>) {
  const tree = workspaceWith(sources);
  await protectGenerator(tree, options);
  const after = snapshot(tree);
  await protectGenerator(tree, options);
  expect(snapshot(tree)).toEqual(after);
  const files = tree.children(IDENTITY).sort();
  return { files, text: (file: string) => textOf(tree, `${APP}/src/${file}`) };
}

describe('keys in the database of an application', () => {
  it('have one of their own where it has none', async () => {
    const { files, text } = await generated({});
    expect(files).toEqual(['first-key.ts', 'identity-database.module.ts', 'peppers.ts', 'protection.module.ts']);
    expect(text('identity/identity-database.module.ts')).toContain('IDENTITY_DATABASE_URL');
  });

  it.each([
    ['of forRoot', nest(POSTGRES), nest(ADDED)],
    [
      'of a factory',
      nest(`{ useFactory: (c) => (${POSTGRES}) }`, 'forRootAsync'),
      nest(`{ useFactory: (c) => (${ADDED}) }`, 'forRootAsync'),
    ],
    [
      'of a method',
      nest(`{ async useFactory(c) { return ${POSTGRES}; } }`, 'forRootAsync'),
      nest(`{ async useFactory(c) { return ${ADDED}; } }`, 'forRootAsync'),
    ],
  ])("go into the options %s of Nest's module", async (_what, before, after) => {
    const { files, text } = await generated({ 'app.module.ts': before });
    expect(files).toEqual(['first-key.ts', 'identity-tables.ts', 'peppers.ts', 'protection.module.ts']);
    expect(text('identity/identity-tables.ts')).toContain("identityEntities('postgres', naming)");
    const ours = "import { ProtectionModule } from './identity/protection.module';\n";
    expect(text('app.module.ts').replace(ours, '').replace(TABLES_IMPORT, '')).toBe(
      after.replace('OrdersModule]', 'OrdersModule, ProtectionModule]'),
    );
  });

  it('go into options that stand elsewhere, once, also where the command line of TypeORM has the same', async () => {
    const options = `import { DataSource, type DataSourceOptions } from 'typeorm';

export const options: DataSourceOptions = ${POSTGRES};
export default new DataSource(options);
`;
    const module = nest('{ ...options, autoLoadEntities: true }').replace(
      "from '@nestjs/typeorm';\n",
      "from '@nestjs/typeorm';\nimport { options } from './database/options.js';\n",
    );
    const { files, text } = await generated({ 'app.module.ts': module, 'database/options.ts': options });
    expect(files).not.toContain('identity-database.module.ts');
    expect(text('database/options.ts')).toContain(`DataSourceOptions = ${ADDED};`);
    expect(text('database/options.ts')).toContain("from '../identity/identity-tables';\n");
  });

  it('go into both where Nest and the command line have options of their own', async () => {
    const { text } = await generated({ 'app.module.ts': nest(POSTGRES), 'data-source.ts': dataSource(POSTGRES) });
    for (const file of ['app.module.ts', 'data-source.ts']) expect(text(file)).toContain(ADDED);
  });

  it('get migrations that run, and safe settings of SQLite, where it has none of its own', async () => {
    const before = "{\n  type: 'better-sqlite3' as const,\n  database: 'orders.db', // here\n}";
    const { text } = await generated({ 'data-source.ts': dataSource(before) });
    expect(text('data-source.ts')).toBe(`import { DataSource } from 'typeorm';
import { setSqlitePragmas } from '@feather-identity/infra';
${TABLES_IMPORT}
export const dataSource = new DataSource({
  type: 'better-sqlite3' as const,
  database: 'orders.db', // here
  entities: [...identityTables.entities],
  migrations: [...identityTables.migrations],
  migrationsRun: true,
  prepareDatabase: setSqlitePragmas,
});
`);
  });

  it('get migrations that run where its list of them is empty', async () => {
    const { text } = await generated({ 'app.module.ts': nest("{ type: 'postgres', migrations: [] }") });
    expect(text('app.module.ts')).toContain('migrations: [...identityTables.migrations], entities: [');
    expect(text('app.module.ts')).toContain('migrationsRun: true }');
  });

  it('leave migrations to whoever runs those of the application, and its own settings of SQLite alone', async () => {
    const before = "{ type: 'better-sqlite3', migrations: ['m/*.js'], entities: [], prepareDatabase: mine }";
    const { text } = await generated({ 'data-source.ts': dataSource(before) });
    expect(text('data-source.ts')).toContain(
      "{ type: 'better-sqlite3', migrations: ['m/*.js', ...identityTables.migrations], entities: [...identityTables.entities], prepareDatabase: mine }",
    );
  });

  it.each([
    ['export const dataSource = ', '', "import { dataSource } from '../data-source';", 'dataSource.initialize()'],
    ['export default ', '', "import dataSource from '../data-source';", 'dataSource.initialize()'],
    [
      'const database = ',
      'export { database };',
      "import { database } from '../data-source';",
      'database.initialize()',
    ],
  ])('use a data source that is exported by %j, and open it', async (prefix, suffix, importLine, opening) => {
    const { files, text } = await generated({ 'data-source.ts': dataSource(POSTGRES, prefix) + suffix });
    expect(files).toContain('identity-tables.ts');
    expect(text('identity/identity-database.module.ts')).toContain(importLine);
    expect(text('identity/identity-database.module.ts')).toContain(opening);
  });

  it('use a data source that main.ts opens as it is', async () => {
    const main = `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import { dataSource } from './data-source';
await dataSource.initialize();
await NestFactory.create(AppModule);
`;
    const { text } = await generated({ 'main.ts': main, 'data-source.ts': dataSource(POSTGRES) });
    expect(text('identity/identity-database.module.ts')).toContain('useValue: dataSource');
  });
});

describe('a data source that cannot be added to', () => {
  it.each([
    ['of unknown options', nest('load()'), /app\.module\.ts:\d+: the options of the data source are not written out/],
    ['without options', nest(''), /the options of the data source are not written out/],
    ['of a class', nest('{ useClass: Options }', 'forRootAsync'), /the options of the data source are not written out/],
    [
      'of two returns',
      nest('{ useFactory: () => { if (a) return {}; return {}; } }', 'forRootAsync'),
      /not written out/,
    ],
    ['of an unknown type', nest('{ type: kind }'), /the `type` of the data source is not written out/],
    ['of MySQL', nest("{ type: 'mysql' }"), /not by "mysql"/],
    ['with a name', nest("{ type: 'postgres', name: 'a' }"), /has a name of its own/],
    ['of several', nest(`${POSTGRES}), TypeOrmModule.forRoot(${POSTGRES}`), /one of several data sources/],
    ['whose entities are elsewhere', nest("{ type: 'postgres', entities }"), /`entities` is not an array literal/],
    [
      'whose migrations are a call',
      nest("{ type: 'postgres', migrations: all() }"),
      /`migrations` is not an array literal/,
    ],
  ])('is refused: one %s', async (_what, module, expected) => {
    const tree = workspaceWith({ 'app.module.ts': module });
    const before = snapshot(tree);
    const refused = expect(protectGenerator(tree, options)).rejects;
    await refused.toThrow(expected);
    await expect(protectGenerator(tree, options)).rejects.toThrow('...identityEntities(type)');
    expect(snapshot(tree)).toEqual(before);
  });

  it.each([
    [
      'that is not exported',
      { 'data.ts': dataSource(POSTGRES, 'const hidden = ') },
      /data\.ts:3: the data source is not exported/,
    ],
    [
      'that a provider opens',
      { 'data.ts': `${dataSource(POSTGRES)}export const provider = { useFactory: () => dataSource.initialize() };\n` },
      /data\.ts:4: the data source is opened here/,
    ],
  ])('is refused: one %s', async (_what, sources, expected) => {
    const tree = workspaceWith(sources);
    const before = snapshot(tree);
    await expect(protectGenerator(tree, options)).rejects.toThrow(expected);
    expect(snapshot(tree)).toEqual(before);
  });
});
