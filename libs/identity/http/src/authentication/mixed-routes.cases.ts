import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '@feather-identity/core';
import { Controller, type DynamicModule, Get, Module, Req } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { keyFor, type Platform, type StartedHost, startEmbedded, startRemote } from '../../testing/guarded-hosts.js';
import { JwtGuard, jwtOf } from '../../testing/jwt.guard.js';
import { KeyOrJwtGuard, UsersOnly } from '../../testing/key-or-jwt.guard.js';
import { CurrentCaller, Public, RequireScopes } from '../index.js';
import { exchange, forged } from '../testing/guarded-host.js';

interface UserRequest {
  readonly user?: { readonly sub: string };
}

@Controller()
class MixedController {
  @RequireScopes('items:read')
  @Get('mixed')
  mixed(@CurrentCaller({ optional: true }) caller: Caller | undefined, @Req() { user }: UserRequest): object {
    return { key: caller?.apiKey.id ?? null, user: user?.sub ?? null };
  }

  @RequireScopes('items:read')
  @Get('keys')
  keys(@CurrentCaller() { apiKey }: Caller): object {
    return { key: apiKey.id };
  }

  @UsersOnly()
  @Get('users')
  users(@Req() { user }: UserRequest): object {
    return { user: user?.sub ?? null };
  }

  @Public()
  @Get('public')
  public(@CurrentCaller({ optional: true }) caller: Caller | undefined, @Req() { user }: UserRequest): object {
    return { key: caller?.apiKey.id ?? null, user: user?.sub ?? null };
  }
}

@UsersOnly()
@Controller('account')
class AccountController {
  @Get()
  account(@Req() { user }: UserRequest): object {
    return { user: user?.sub ?? null };
  }

  @RequireScopes('items:read')
  @Get('items')
  items(): object {
    return {};
  }
}

@Module({})
class MixedModule {
  static behind(identity: DynamicModule): DynamicModule {
    return {
      module: MixedModule,
      imports: [identity],
      controllers: [MixedController, AccountController],
      providers: [JwtGuard, { provide: APP_GUARD, useClass: KeyOrJwtGuard }],
    };
  }
}

const APP = { behind: (identity: DynamicModule) => MixedModule.behind(identity) };
const OPTIONS = { acceptBearer: true };
const MODES = {
  'has its keys itself': (platform: Platform) => startEmbedded(platform, OPTIONS, APP),
  'asks a service': (platform: Platform) => startRemote(platform, OPTIONS, APP),
};

describe.each([
  ['has its keys itself', 'express'],
  ['has its keys itself', 'fastify'],
  ['asks a service', 'express'],
  ['asks a service', 'fastify'],
] as [keyof typeof MODES, Platform][])(
  'a route for keys and JWTs, of an application that %s, on %s',
  (mode, platform) => {
    let host: StartedHost;
    let key: string;
    const jwt = jwtOf('user-1');

    beforeAll(async () => {
      host = await MODES[mode](platform);
      key = await keyFor(host, 'items:read');
    });

    afterAll(() => host.close());

    async function ask(path: string, headers: Record<string, string | string[]>): Promise<[number, unknown]> {
      const { status, text } = await exchange(`${host.url}/${path}`, 'GET', headers);
      return [status, JSON.parse(text)];
    }

    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    const byKey = { key: expect.any(String) as unknown, user: null };

    it('serves either, and a key alone where both come', async () => {
      expect(await ask('mixed', bearer(jwt))).toEqual([200, { key: null, user: 'user-1' }]);
      for (const sent of [bearer(key), { 'x-api-key': key }, { 'x-api-key': key, ...bearer(jwt) }])
        expect(await ask('mixed', sent)).toEqual([200, byKey]);
    });

    it('is closed to a wrong key, whatever comes with it, and to a wrong JWT', async () => {
      const wrong = [
        {},
        bearer(forged(key)),
        { 'x-api-key': 'junk' },
        { 'x-api-key': forged(key), ...bearer(jwt) },
        { 'x-api-key': key, ...bearer(key) },
        { authorization: [`Bearer ${jwt}`, `Bearer ${key}`] },
        bearer(`${jwt}x`),
        bearer('opaque'),
        { authorization: 'Basic YTpi' },
      ];
      for (const sent of wrong) expect((await ask('mixed', sent))[0]).toBe(401);
    });

    it('requires scopes of a key', async () => {
      const other = await keyFor(host, 'items:write');
      for (const sent of [bearer(other), { 'x-api-key': other, ...bearer(jwt) }])
        expect((await ask('mixed', sent))[0]).toBe(403);
    });

    it('is a 401 that names both headers where the handler insists on a key and a JWT came', async () => {
      const message = expect.stringContaining('x-api-key header, or as a Bearer token') as unknown;
      expect(await ask('keys', bearer(jwt))).toEqual([401, { error: 'authentication_required', message }]);
      expect((await ask('keys', bearer(key)))[0]).toBe(200);
    });

    it('is for users alone where it says so: with a key, right or wrong, the JWT beside it is not read', async () => {
      const wrong = [{}, bearer(key), { 'x-api-key': key }, { 'x-api-key': 'junk', ...bearer(jwt) }, bearer(`${jwt}x`)];
      for (const path of ['users', 'account']) {
        expect(await ask(path, bearer(jwt))).toEqual([200, { user: 'user-1' }]);
        for (const sent of wrong) expect((await ask(path, sent))[0]).toBe(401);
      }
      expect((await ask('account/items', bearer(key)))[0]).toBe(401);
    });

    it('leaves public routes open, to a JWT that has ended too', async () => {
      const guest = { key: null, user: null };
      for (const sent of [{}, { 'x-api-key': 'junk' }, bearer(key), bearer(`${jwt}x`), bearer('opaque')])
        expect(await ask('public', sent)).toEqual([200, guest]);
      expect(await ask('public', bearer(jwt))).toEqual([200, { ...guest, user: 'user-1' }]);
    });

    it("answers a wrong JWT as the application's own guard does", async () => {
      expect(await ask('mixed', bearer(`${jwt}x`))).toEqual([401, { message: 'Unauthorized', statusCode: 401 }]);
    });
  },
);

it('the guard for keys and JWTs in docs/guides/nestjs-guard.md is the one that is tested here', async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  const guard = await read('../../testing/key-or-jwt.guard.ts');
  const documented = await read('../../../../../docs/guides/nestjs-guard.md');
  expect(documented.includes(guard.slice(guard.indexOf('/** Admits')))).toBe(true);
});
