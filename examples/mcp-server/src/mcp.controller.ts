import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '@feather-identity/core';
import { CurrentCaller, RequireScopes } from '@feather-identity/http/guard';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { Body, Controller, Delete, Get, Header, MethodNotAllowedException, Post, Req, Res } from '@nestjs/common';
import { notesServer } from './notes-server.js';
import { Notes } from './notes.js';

/** Model Context Protocol by streamable HTTP, without sessions: each request brings its key and gets its own server. */
@Controller('mcp')
export class McpController {
  constructor(private readonly notes: Notes) {}

  @RequireScopes()
  @Post()
  async serve(
    @CurrentCaller() caller: Caller,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
    @Body() message: unknown,
  ): Promise<void> {
    const server = notesServer(this.notes, caller);
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    response.on('close', () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(request, response, message);
  }

  /** There is nothing to listen to, and no session to end. */
  @RequireScopes()
  @Get()
  @Header('Allow', 'POST')
  listen(): never {
    throw new MethodNotAllowedException();
  }

  @RequireScopes()
  @Delete()
  @Header('Allow', 'POST')
  end(): never {
    throw new MethodNotAllowedException();
  }
}
