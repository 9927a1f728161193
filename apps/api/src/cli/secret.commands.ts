import { KeyGenerator } from '@feather-identity/core';
import { generatePepper, NodeRandomSource } from '@feather-identity/infra';
import { Command } from 'commander';
import { readEnvironment } from '../environment/environment.js';
import { pepperVersionOption, withExamples } from './options.js';
import { pepperUsageCommand } from './pepper-usage.command.js';
import { print } from './print.js';

/** `token generate`. */
export function tokenCommand(): Command {
  const token = new Command('token').description('generate tokens');
  withExamples(token.command('generate'), 'token generate')
    .description('print a valid token for BOOTSTRAP_API_KEY; it belongs to no key yet')
    .action(() =>
      print(false, new KeyGenerator(readEnvironment().tokenFormat, new NodeRandomSource()).generate().reveal()),
    );
  return token;
}

/** `pepper generate|usage`. */
export function pepperCommand(): Command {
  const pepper = new Command('pepper').description('generate peppers and count the secrets that depend on them');
  withExamples(pepper.command('generate'), 'pepper generate > FILE', 'pepper generate --version 2')
    .description('print a pepper for SECRET_PEPPERS or the file of SECRET_PEPPERS_FILE')
    .addOption(pepperVersionOption())
    .action(({ version }: { version: number }) => print(false, generatePepper(version)));
  return pepper.addCommand(pepperUsageCommand());
}
