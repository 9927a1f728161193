import {
  ClassSerializerInterceptor,
  Controller,
  Get,
  type INestApplication,
  Module,
  ValidationPipe,
  type VersioningOptions,
  VersioningType,
} from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type StartedHost, startEmbedded, startRemote } from '../testing/guarded-hosts.js';
import { send } from '../testing/requests.js';
import { ApiKeyGuard, RequireScopes } from './index.js';

@Controller({ path: 'stock', version: '1' })
class StockController {
  @RequireScopes('stock:read')
  @Get()
  list(): string[] {
    return ['first'];
  }
}

@Controller({ path: 'stock', version: '2' })
class NewStockController {
  @RequireScopes('stock:read')
  @Get()
  list(): string[] {
    return ['second'];
  }
}

@Module({})
class StockModule {}

interface Versions {
  readonly options: VersioningOptions;
  /** How a client asks for version 2. */
  readonly headers?: Record<string, string>;
}

const VERSIONS: [string, Versions][] = [
  ['URI', { options: { type: VersioningType.URI } }],
  ['URI, by default 2', { options: { type: VersioningType.URI, defaultVersion: '2' } }],
  ['header', { options: { type: VersioningType.HEADER, header: 'x-version' }, headers: { 'x-version': '2' } }],
  [
    'media type',
    { options: { type: VersioningType.MEDIA_TYPE, key: 'v=' }, headers: { accept: 'application/json;v=2' } },
  ],
];

const MODES = { embedded: startEmbedded, remote: startRemote };

let host: StartedHost;
let app: INestApplication;

async function start(mode: keyof typeof MODES, platform: 'express' | 'fastify', options: VersioningOptions) {
  host = await MODES[mode](
    platform,
    {},
    {
      behind: (identity) => ({
        module: StockModule,
        imports: [identity],
        controllers: [StockController, NewStockController],
        providers: [{ provide: APP_GUARD, useExisting: ApiKeyGuard }],
      }),
      configure: (created) => {
        app = created;
        app.setGlobalPrefix('api');
        app.enableVersioning(options);
        app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
        app.useGlobalInterceptors(new ClassSerializerInterceptor(app.get(Reflector)));
      },
    },
  );
}

const ask = (method: string, path: string, options = {}) =>
  send({ port: Number(new URL(host.url).port) }, method, path, { key: host.ownerKey, ...options });

describe.each(['express', 'fastify'] as const)('an application with a prefix and versions on %s', (platform) => {
  afterEach(() => host.close());

  it.each(VERSIONS)(
    'has and describes our routes under its prefix, without a second version: %s',
    async (_type, versions) => {
      await start('embedded', platform, versions.options);
      const keys = '/api/v1/identity/api-keys';
      const body = { name: 'CI', scopes: ['stock:read'], expires_at: '2027-01-01', unknown: true };
      const created = await ask('POST', keys, { body });
      expect([created.status, created.body]).toMatchObject([201, { expires_at: '2027-01-01T00:00:00Z' }]);
      expect(created.headers.get('x-ignored-fields')).toBe('unknown');
      expect((await ask('POST', keys, { body: { name: 5 } })).body).toMatchObject({
        detail: [{ loc: ['body', 'name'], input: 5 }],
      });
      expect((await ask('GET', `${keys}?limit=x`)).status).toBe(422);
      const page = await ask('GET', `${keys}?limit=1`);
      const link = /<(.+)>/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
      const { pathname, search } = new URL(link, `${host.url}${keys}`);
      expect((await ask('GET', `${pathname}${search}`)).body).toHaveLength(1);
      expect((await ask('GET', '/api/v1/v1/identity/whoami')).status).toBe(404);
      expect((await ask('GET', '/api/v1/identity/whoami', { headers: versions.headers })).status).toBe(200);
      const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
      expect(Object.keys(paths)).toContain('/api/v1/identity/api-keys/{key_id}');
    },
  );

  it.each(Object.keys(MODES) as (keyof typeof MODES)[])('guards each version of its own routes: %s', async (mode) => {
    await start(mode, platform, { type: VersioningType.URI });
    for (const [version, stock] of [
      ['v1', 'first'],
      ['v2', 'second'],
    ]) {
      expect((await ask('GET', `/api/${version}/stock`)).body).toEqual([stock]);
      expect((await ask('GET', `/api/${version}/stock`, { key: undefined })).status).toBe(401);
    }
  });
});
