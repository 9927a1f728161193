/** The sources of an application by their path below its folder. */
export type AppSources = Readonly<Record<string, string>>;

const ORDERS = `import type { Caller } from '@feather-identity/core';
import { CurrentCaller, Public, RequireScopes } from '@feather-identity/http';
import { Controller, Get } from '@nestjs/common';

@Controller('orders')
export class OrdersController {
  @RequireScopes('orders:read')
  @Get()
  list(@CurrentCaller() caller: Caller): object {
    return { organization: caller.organization.name };
  }

  @Public()
  @Get('prices')
  prices(): object {
    return {};
  }

  @Get('undeclared')
  undeclared(): object {
    return {};
  }
}
`;

const moduleWith = (imports: string, extension: string): string => `import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OrdersController } from './orders.controller${extension}';

@Module({
  imports: [${imports}],
  controllers: [OrdersController],
})
export class AppModule {}
`;

const main = (extension: string): string => `import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from './app.module${extension}';

async function bootstrap(): Promise<void> {
  const adapter = process.argv[2] === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = await NestFactory.create(AppModule, adapter, { logger: ['error', 'warn'] });
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  console.log(\`listening on \${await app.getUrl()}\`);
}
void bootstrap();
`;

/** Runs the module without a server, as workers of queues do. */
const worker = (extension: string): string => `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module${extension}';

async function work(): Promise<void> {
  const context = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  console.log('worked');
  await context.close();
}
void work();
`;

function app(moduleImports: string, extension = '.js'): AppSources {
  const nothing = "import { TypeOrmModule } from '@nestjs/typeorm';\n";
  const text = moduleWith(moduleImports, extension);
  return {
    'src/main.ts': main(extension),
    'src/worker.ts': worker(extension),
    'src/orders.controller.ts': ORDERS,
    'src/app.module.ts': moduleImports === '' ? text.replace(nothing, '').replace('  imports: [],\n', '') : text,
  };
}

const SQLITE = "{ type: 'better-sqlite3', database: './orders.db' }";

/** With a data source that keys stay out of, as CommonJS. */
export const APART: AppSources = {
  ...app(`TypeOrmModule.forRoot(${SQLITE})`, ''),
  'package.json': JSON.stringify({ name: 'apart', type: 'commonjs' }),
};

/** With a data source of Nest's module for TypeORM. */
export const WITH_NEST_DATA_SOURCE: AppSources = app(`TypeOrmModule.forRoot(${SQLITE})`);

/** With a data source that it exports. */
export const WITH_EXPORTED_DATA_SOURCE: AppSources = {
  ...app(''),
  'src/data-source.ts': `import { DataSource } from 'typeorm';\n\nexport const dataSource = new DataSource(${SQLITE});\n`,
};

/** Without anything but its routes. */
export const BARE: AppSources = app('');
