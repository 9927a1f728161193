import { IdentityError } from '@feather-identity/core';
import { Command, CommanderError } from 'commander';
import { importCommand } from './cli/import/import.command.js';
import { StoppedError } from './cli/import/stopped-error.js';
import { keyCommand } from './cli/key.command.js';
import { migrateCommand } from './cli/migrate.command.js';
import { organizationCommand } from './cli/organization.command.js';
import { pepperCommand, tokenCommand } from './cli/secret.commands.js';
import { unusedKeysCommand } from './cli/unused-keys.command.js';
import { UsageError } from './cli/usage-error.js';
import { EnvironmentError } from './environment/environment-error.js';
import { keepFilesPrivate } from './services/private-files.js';
import { UnwrittenError } from './standard-output.js';

/** Exit status for a command that was written wrongly, as shells and getopt users expect. */
const USAGE_ERROR = 2;

/** Exit status for a command that goes on where it stopped when it is repeated. */
const STOPPED = 3;

const program = new Command('feather')
  .description('operate Feather Identity')
  .addCommand(organizationCommand())
  .addCommand(keyCommand())
  .addCommand(importCommand())
  .addCommand(tokenCommand())
  .addCommand(pepperCommand())
  .addCommand(unusedKeysCommand())
  .addCommand(migrateCommand());
exitByException(program);
keepFilesPrivate();

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    if (error.exitCode !== 0) fail(USAGE_ERROR, `${usageMistake(error)} (see: npm run -s feather -- --help)`);
    return;
  }
  if (error instanceof UsageError || (error instanceof IdentityError && error.code.endsWith('.name_invalid'))) {
    fail(USAGE_ERROR, error.message);
    return;
  }
  if (error instanceof StoppedError) {
    fail(STOPPED, error.message);
    return;
  }
  const known = error instanceof IdentityError || error instanceof EnvironmentError || error instanceof UnwrittenError;
  fail(1, known ? error.message : `error: ${error instanceof Error ? error.message : String(error)}`);
});

/** Commander prints its help, and has no message, where a command group is named without a command. */
function usageMistake(error: CommanderError): string {
  return error.code === 'commander.help' ? 'error: a command is missing' : error.message;
}

function fail(status: number, line: string): void {
  process.stderr.write(`${line}\n`);
  process.exitCode = status;
}

/** Subcommands made apart do not inherit these settings. */
function exitByException(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  command.commands.forEach(exitByException);
}
