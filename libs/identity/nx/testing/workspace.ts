import type { Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';

export const APP = 'apps/orders';
export const APP_MODULE = `${APP}/src/app.module.ts`;
export const PROTECTION = `${APP}/src/identity/protection.module.ts`;

/** Our packages, as they are installed while they are not published. */
export const OURS = Object.fromEntries(
  ['core', 'client', 'shared-http', 'http', 'infra'].map((name) => [
    `@feather-identity/${name}`,
    `file:../feather-identity/dist/packages/feather-identity-${name}-0.2.0.tgz`,
  ]),
);

const MAIN = `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  await app.listen(3000);
}
void bootstrap();
`;

/** A module as most applications have one. */
export const MODULE = `import { Module } from '@nestjs/common';
import { OrdersModule } from './orders/orders.module';

@Module({ imports: [OrdersModule] })
export class AppModule {}
`;

/**
 * A workspace without a formatter, where our packages are installed, with an application in apps/orders that has these
 * sources beside main.ts.
 */
export function workspaceWith(sources: Record<string, string> = {}): Tree {
  const tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
  tree.write('package.json', JSON.stringify({ dependencies: OURS }));
  tree.write(`${APP}/project.json`, JSON.stringify({ name: 'orders', sourceRoot: `${APP}/src` }));
  for (const [file, text] of Object.entries({ 'main.ts': MAIN, 'app.module.ts': MODULE, ...sources })) {
    tree.write(`${APP}/src/${file}`, text);
  }
  return tree;
}

/** The text of a file that has to be there. */
export function textOf(tree: Tree, path: string): string {
  const text = tree.read(path, 'utf8');
  if (text === null) throw new Error(`There is no ${path}.`);
  return text;
}

/** Every file of the workspace with its text. */
export function snapshot(tree: Tree): Record<string, string> {
  return Object.fromEntries(tree.listChanges().map(({ path }) => [path, textOf(tree, path)]));
}
