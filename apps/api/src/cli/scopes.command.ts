import { ScopeCatalogue } from '@feather-identity/core';
import { Command } from 'commander';
import { readEnvironment } from '../environment/environment.js';
import { readScopesFile } from '../services/scopes-file.js';
import { withJson } from './options.js';
import { printList } from './print.js';

/** `scopes`: what keys can be given. It needs no database. */
export function scopesCommand(): Command {
  return withJson(new Command('scopes'))
    .description('list the scopes that keys can be given: those of SCOPES_FILE, and those of the identity API')
    .action(async ({ json }: { json?: boolean }) => {
      const { scopes } = new ScopeCatalogue(readScopesFile(readEnvironment()));
      await printList(json, scopes, {
        record: (scope) => scope,
        columns: {
          SCOPE: ({ name }) => name,
          GROUP: ({ group }) => group,
          DESCRIPTION: ({ description }) => description,
        },
        none: 'No scopes.',
        now: new Date(),
      });
    });
}
