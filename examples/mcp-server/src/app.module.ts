import { ApiKeyGuard, IdentityClientModule } from '@feather-identity/http/guard';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { McpController } from './mcp.controller.js';
import { Notes } from './notes.js';

const { IDENTITY_URL: baseUrl = 'http://localhost:8000', IDENTITY_API_KEY: apiKey = '' } = process.env;

/** An MCP server for those who have a key of the service. */
@Module({
  imports: [
    IdentityClientModule.forRoot({
      baseUrl,
      apiKey,
      acceptBearer: true, // MCP clients send their token as Authorization: Bearer
      maxStalenessSeconds: 0, // no tool runs after its key was revoked
    }),
  ],
  controllers: [McpController],
  providers: [Notes, { provide: APP_GUARD, useExisting: ApiKeyGuard }],
})
export class AppModule {}
