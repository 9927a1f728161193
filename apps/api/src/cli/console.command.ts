import { longestKeyPrefix } from '@feather-identity/core';
import { Command } from 'commander';
import { consoleLink } from '../console/console-link.js';
import type { Environment } from '../environment/environment.js';
import { operator } from '../environment/operator.js';
import { withExamples, withJson } from './options.js';
import { print } from './print.js';
import { RefusedError } from './refused-error.js';
import { withSession } from './session.js';
import { UsageError } from './usage-error.js';

/** `console link`: the way into the console without a key. */
export function consoleCommand(): Command {
  return new Command('console').description('open the console of a running service').addCommand(linkCommand());
}

function linkCommand(): Command {
  const link = withJson(new Command('link'))
    .description(
      'print a single-use link, valid for 10 minutes, that opens the console as the operator, who may do everything',
    )
    .option('--key <prefix>', 'open it as this key instead: its key_prefix, of an organization or an operator key')
    .action(({ key, json }: { key?: string; json?: boolean }) =>
      withSession(async ({ env, identity: { createConsoleLink } }) => {
        if (!env.console) throw new RefusedError('The console is off. Set CONSOLE=on, here and for the service.');
        if (key !== undefined && key.length > longestKeyPrefix(key, env.tokenFormat)) {
          throw new UsageError('error: Give the beginning of the token alone, as key_prefix shows it.');
        }
        const actor = operator();
        const created = await (key === undefined
          ? createConsoleLink.forOperator(actor)
          : createConsoleLink.forKey(key, actor));
        const url = consoleLink(env, env.port, created);
        if (json !== true) process.stderr.write(`${aboutLink(env, key)}\n`);
        await print(json, json ? { url, expires_at: created.expiresAt.toISOString() } : url);
      }),
    );
  return withExamples(link, 'console link', 'console link --key fth_live_7XVdoQwR');
}

/** What the link alone does not say. For standard error: the link is read by programs. */
function aboutLink({ publicUrl, port }: Environment, key: string | undefined): string {
  const whom = key === undefined ? 'the operator, who may do everything' : `the key ${key}`;
  const where =
    publicUrl === null
      ? ` It leads to port ${port}: if the service listens elsewhere, give the command the same PORT, or PUBLIC_URL.`
      : '';
  return `This link works once, within 10 minutes, and signs in as ${whom}.${where}`;
}
