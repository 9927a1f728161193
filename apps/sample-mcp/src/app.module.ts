import { ApiKeyGuard, IdentityClientModule } from '@feather-identity/http/guard';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { McpController } from './mcp.controller.js';
import { Notes } from './notes.js';

type Service = Parameters<typeof IdentityClientModule.forRoot>[0];

/** An MCP server for those who have a key of a running service, whose address and key these are. */
@Module({})
export class AppModule {
  static register(service: Service): DynamicModule {
    return {
      module: AppModule,
      // MCP clients send their token as Authorization: Bearer.
      imports: [IdentityClientModule.forRoot({ ...service, acceptBearer: true })],
      controllers: [McpController],
      providers: [Notes, { provide: APP_GUARD, useExisting: ApiKeyGuard }],
    };
  }
}
