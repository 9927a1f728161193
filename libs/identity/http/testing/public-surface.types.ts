// Never run: `npm run typecheck` fails where the public surface accepts, refuses or gives something else than here.
import type { Caller, JsonObject, Quota, RateLimit, ScopeGrant } from '@feather-identity/core';
import { type DynamicModule, Get, type INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { expectTypeOf } from 'expect-type';
import {
  type ApiKeyAuthentication,
  getCaller,
  CurrentCaller,
  IdentityClientModule,
  IdentityModule,
  type IdentityModuleOptions,
  Public,
  RequireScopes,
} from '../src/index.js';

interface Told {
  organization: { id: string; name: string };
  member: {
    id: string;
    organizationId: string;
    externalId: string;
    email: string | null;
    displayName: string | null;
    role: string;
  };
  apiKey: {
    id: string;
    organizationId: string;
    memberId: string;
    name: string;
    metadata: JsonObject | null;
    keyPrefix: string;
    environment: string | null;
    grant: ScopeGrant;
    expiresAt: Date | null;
    rateLimit?: RateLimit | null;
    quota?: Quota | null;
    allowedNetworks?: readonly string[] | null;
  };
}

expectTypeOf<Caller>().branded.toEqualTypeOf<{ readonly [Part in keyof Told]: Readonly<Told[Part]> }>();
expectTypeOf(getCaller).returns.toEqualTypeOf<Caller | undefined>();

export class OrdersController {
  @RequireScopes('orders:read', 'orders:write')
  @Get()
  list(@CurrentCaller() { apiKey }: Caller): boolean {
    return apiKey.grant.covers('orders:write');
  }

  @RequireScopes()
  @Get()
  everyKey(): void {}

  @Public()
  @Get()
  everyone(): void {}

  @Public()
  @Get()
  perhapsSomebody(@CurrentCaller({ optional: true }) caller: Caller | undefined): boolean {
    return caller !== undefined;
  }

  @Public()
  @Get()
  // @ts-expect-error there may be no caller
  wrongOptional(@CurrentCaller({ optional: true }) { apiKey }: Caller): string {
    return apiKey.id;
  }

  // @ts-expect-error a scope is text
  @RequireScopes(['orders:read'])
  wrongScopes(): void {}

  // @ts-expect-error nothing is public under a condition
  @Public('orders:read')
  wrongPublic(): void {}
}

@RequireScopes('orders:read')
export class ClosedController {
  @Get()
  list(): void {}
}

@Public()
export class OpenController {
  @Get()
  list(): void {}
}

declare const options: IdentityModuleOptions;

expectTypeOf(IdentityModule.forRoot(options)).toEqualTypeOf<DynamicModule>();
IdentityModule.forRoot({ ...options, controllers: false, maxKeysPerOrganization: 10, failuresPerMinute: 10 });
IdentityModule.forRoot({ ...options, acceptBearer: true, keyHeader: 'x-acme-key' });
IdentityModule.forRoot({ ...options, readKey: ({ headers }) => headers['x-acme-key']?.toString() });
IdentityModule.forRootAsync({ useFactory: () => options, controllers: false });
IdentityModule.forRootAsync({ useFactory: async (given: IdentityModuleOptions) => given, inject: ['GIVEN'] });

// @ts-expect-error keys need a place
IdentityModule.forRoot({ ...options, apiKeys: undefined });
// @ts-expect-error all routes are mounted or none
IdentityModule.forRoot({ ...options, controllers: ['api-keys'] });
// @ts-expect-error an option that is none
IdentityModule.forRoot({ ...options, requestsPerHour: 10 });
// @ts-expect-error the factory gives all of the options
IdentityModule.forRootAsync({ useFactory: () => ({ clock: options.clock }) });

const service = { baseUrl: 'http://localhost:8000', apiKey: 'fth_live_...' };

expectTypeOf(IdentityClientModule.forRoot(service)).toEqualTypeOf<DynamicModule>();
IdentityClientModule.forRoot({ ...service, maxStalenessSeconds: 0, staleIfErrorSeconds: 60, requestsPerMinute: 10 });
IdentityClientModule.forRootAsync({ useFactory: async () => service });

// @ts-expect-error the application has a key of its own
IdentityClientModule.forRoot({ baseUrl: service.baseUrl });
// @ts-expect-error there are no routes to mount
IdentityClientModule.forRoot({ ...service, controllers: false });

export function protectOn(
  authentication: ApiKeyAuthentication,
  apps: { fastify: NestFastifyApplication; express: NestExpressApplication; any: INestApplication },
): void {
  authentication.protect(apps.fastify);
  // @ts-expect-error on Express there is the guard
  authentication.protect(apps.express);
  // @ts-expect-error nobody knows what it runs on
  authentication.protect(apps.any);
}
