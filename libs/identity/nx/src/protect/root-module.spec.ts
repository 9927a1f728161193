import { describe, expect, it } from '@jest/globals';
import { APP, APP_MODULE, PROTECTION, textOf, workspaceWith } from '../../testing/workspace.js';
import { protectGenerator } from './protect.generator.js';

const options = { project: 'orders', mode: 'remote' } as const;
const moduleWith = (metadata: string, quote = "'") => `import { Module } from ${quote}@nestjs/common${quote};

// What the application consists of.
@Module(${metadata})
export class AppModule {}
`;

async function protectedModule(sources: Record<string, string>, file = APP_MODULE): Promise<string> {
  const tree = workspaceWith(sources);
  await protectGenerator(tree, options);
  expect(tree.exists(PROTECTION)).toBe(true);
  return textOf(tree, file);
}

describe('the module that an application starts with', () => {
  it.each([
    ['{ imports: [] }', '{ imports: [ProtectionModule] }'],
    ['{}', '{ imports: [ProtectionModule] }'],
    ['{ providers: [Clock] }', '{ providers: [Clock], imports: [ProtectionModule] }'],
    ["{ 'imports': [A], }", "{ 'imports': [A, ProtectionModule], }"],
    [
      '{\n  imports: [\n    A.forRoot({ b }), // a\n  ],\n}',
      '{\n  imports: [\n    A.forRoot({ b }), // a\n    ProtectionModule,\n  ],\n}',
    ],
    ['{ imports: [...shared] }', '{ imports: [...shared, ProtectionModule] }'],
    ['{ ...base, imports: [A] }', '{ ...base, imports: [A, ProtectionModule] }'],
    ['{ imports: [A] as const }', '{ imports: [A, ProtectionModule] as const }'],
  ])('gets one import and one entry: %j', async (metadata, expected) => {
    const text = moduleWith(expected).replace(
      "from '@nestjs/common';\n",
      "from '@nestjs/common';\nimport { ProtectionModule } from './identity/protection.module';\n",
    );
    expect(await protectedModule({ 'app.module.ts': moduleWith(metadata) })).toBe(text);
  });

  it('keeps double quotes', async () => {
    const text = await protectedModule({ 'app.module.ts': moduleWith('{}', '"') });
    expect(text).toContain('import { ProtectionModule } from "./identity/protection.module";\n');
  });

  it.each([
    ['in another folder', 'app/root.module.ts', "import { RootModule } from './app/root.module';", 'RootModule'],
    ['behind another name', 'app/root.module.ts', "import { RootModule as App } from './app/root.module';", 'App'],
    [
      'with a static method',
      'app/root.module.ts',
      "import { RootModule } from './app/root.module';",
      'RootModule.with()',
    ],
    [
      'with a type argument',
      'app/root.module.ts',
      "import { RootModule } from './app/root.module';",
      'RootModule, adapter',
    ],
    ['behind a path alias', 'app/root.module.ts', "import { RootModule } from '@/app/root.module';", 'RootModule'],
  ])('is found %s', async (_where, file, importLine, started) => {
    const text = await protectedModule(
      {
        'main.ts': `import { NestFactory } from '@nestjs/core';\n${importLine}\nNestFactory.create<Nest>(${started});\n`,
        [file]: moduleWith('{}').replace('AppModule', 'RootModule'),
      },
      `${APP}/src/${file}`,
    );
    expect(text).toContain("import { ProtectionModule } from '../identity/protection.module';\n");
    expect(text).toContain('@Module({ imports: [ProtectionModule] })\nexport class RootModule');
  });

  it('is found where another file than main.ts starts it, and in main.ts itself', async () => {
    const main = `import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
@Module({})
class AppModule {}
export const app = NestFactory.create(AppModule);
`;
    expect(await protectedModule({ 'main.ts': main }, `${APP}/src/main.ts`)).toContain('imports: [ProtectionModule]');
    const sources = { 'main.ts': "import './server';\n", 'server.ts': main };
    expect(await protectedModule(sources, `${APP}/src/server.ts`)).toContain('imports: [ProtectionModule]');
  });
});

describe('relative imports', () => {
  const main = (from: string) =>
    `import { NestFactory } from '@nestjs/core';\nimport { AppModule } from '${from}';\nNestFactory.create(AppModule);\n`;

  it.each(['.js', '.ts', ''])('end in %j where those of the application do', async (extension) => {
    const text = await protectedModule({ 'main.ts': main(`./app.module${extension}`) });
    expect(text).toContain(`from './identity/protection.module${extension}';`);
  });

  it.each([
    [{ module: 'nodenext' }, '.js'],
    [{ module: 'esnext', moduleResolution: 'bundler' }, ''],
    [{ module: 'commonjs' }, ''],
  ])('end as a tsconfig with %j asks for, where the application has none', async (compilerOptions, extension) => {
    const tree = workspaceWith({
      'main.ts': `${moduleWith('{}')}\nNestFactory.create(AppModule);\n`,
    });
    tree.delete(APP_MODULE);
    tree.write('tsconfig.base.json', JSON.stringify({ compilerOptions }));
    tree.write(`${APP}/tsconfig.json`, JSON.stringify({ extends: '../../tsconfig.base.json' }));
    await protectGenerator(tree, options);
    expect(textOf(tree, `${APP}/src/main.ts`)).toContain(`from './identity/protection.module${extension}';`);
  });
});
