import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module, type Type, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { type App, startEmbedded, startRemote } from '../../testing/guarded-hosts.js';
import { ApiKeyGuard, Public, RequireScopes } from '../guard.js';

@Controller('undeclared')
class UndeclaredController {
  @Get()
  first(): void {}

  @Get('second')
  second(): void {}

  helper(): void {}
}

@UseGuards(ApiKeyGuard)
@Controller('guarded')
class GuardedController {
  @Get()
  list(): void {}
}

@Controller('declared')
class DeclaredController {
  @RequireScopes()
  @Get()
  list(): void {}

  @Public()
  @Get('public')
  open(): void {}
}

@Injectable()
class PlainProvider {
  list(): void {}
}

@Module({})
class HostModule {}

const app = (controllers: Type[], isGuarded: boolean): App => ({
  behind: (identity) => ({
    module: HostModule,
    imports: [identity],
    controllers,
    providers: [PlainProvider, ...(isGuarded ? [{ provide: APP_GUARD, useExisting: ApiKeyGuard }] : [])],
  }),
});

const STARTS = { embedded: startEmbedded, remote: startRemote };

async function logOf(mode: keyof typeof STARTS, platform: 'express' | 'fastify', application: App): Promise<string[]> {
  const host = await STARTS[mode](platform, {}, application);
  await host.close();
  return host.logger.lines.filter((line) => line.includes('No API key opens'));
}

describe.each(['embedded', 'remote'] as const)('the log of the start, %s', (mode) => {
  it.each(['express', 'fastify'] as const)('has one line with the handlers that declare nothing, on %s', async (on) => {
    const lines = await logOf(mode, on, app([UndeclaredController, DeclaredController, GuardedController], true));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(
      'neither @RequireScopes() nor @Public(): UndeclaredController.first, UndeclaredController.second, ' +
        'GuardedController.list',
    );
  });

  it('has no such line where every handler declares it', async () => {
    expect(await logOf(mode, 'express', app([DeclaredController], true))).toEqual([]);
  });
});

it('the log of the start names handlers without a global guard only where our guard is on them', async () => {
  const lines = await logOf('remote', 'express', app([UndeclaredController, GuardedController], false));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('@Public(): GuardedController.list');
});
