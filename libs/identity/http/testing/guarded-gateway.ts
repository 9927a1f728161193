import type { Caller } from '@feather-identity/core';
import { type DynamicModule, type INestApplication, Module, type Type, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { ApiKeyGuard, CurrentCaller, Public, RequireScopes } from '../src/index.js';
import type { App } from './guarded-hosts.js';

/** A message of each kind. */
@UseGuards(ApiKeyGuard)
@WebSocketGateway()
class ItemsGateway implements OnGatewayConnection {
  /** `ws` keeps no request, so that the gateway does. */
  handleConnection(client: { request?: unknown; handshake?: unknown }, request: unknown): void {
    if (client.handshake === undefined) client.request = request;
  }

  @RequireScopes('items:read')
  @SubscribeMessage('read')
  read(@CurrentCaller() { apiKey }: Caller): object {
    return { event: 'answer', data: apiKey.id };
  }

  @RequireScopes('items:write')
  @SubscribeMessage('wipe')
  wipe(): object {
    return { event: 'answer', data: 'wiped' };
  }

  @SubscribeMessage('undeclared')
  undeclared(): object {
    return { event: 'answer', data: 'never' };
  }

  @Public()
  @SubscribeMessage('open')
  open(): object {
    return { event: 'answer', data: 'for everyone' };
  }
}

const ADAPTERS: Record<'socket.io' | 'ws', Type<IoAdapter | WsAdapter>> = { 'socket.io': IoAdapter, ws: WsAdapter };

@Module({})
class GatewayAppModule {}

/** An application that serves WebSockets, with the guard on its gateway and on everything else. */
export const gatewayApp = (sockets: 'socket.io' | 'ws'): App => ({
  behind: (identity: DynamicModule) => ({
    module: GatewayAppModule,
    imports: [identity],
    providers: [ItemsGateway, { provide: APP_GUARD, useExisting: ApiKeyGuard }],
  }),
  configure: (app: INestApplication) => app.useWebSocketAdapter(new ADAPTERS[sockets](app)),
});
