import type { Caller } from '@feather-identity/core';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import type { Notes } from './notes.js';

/** The MCP server of one caller: it has the tools that the scopes of the key allow, on the notes of its organization. */
export function notesServer(notes: Notes, { organization, apiKey }: Caller): McpServer {
  const server = new McpServer({ name: 'notes', version: '0.1.0' });
  const tools = {
    'notes:read': server.registerTool('list_notes', { description: 'Lists all notes.' }, () =>
      answer(notes.of(organization.id).join('\n')),
    ),
    'notes:write': server.registerTool(
      'add_note',
      { description: 'Adds a note.', inputSchema: { note: z.string().min(1).max(1000) } },
      ({ note }) => {
        notes.add(organization.id, note);
        return answer('Added.');
      },
    ),
  };
  // A disabled tool is neither listed nor called.
  for (const [scope, tool] of Object.entries(tools)) if (!apiKey.grant.covers(scope)) tool.disable();
  return server;
}

function answer(text: string) {
  return { content: [{ type: 'text' as const, text }] };
}
