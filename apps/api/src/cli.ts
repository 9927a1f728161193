import { IdentityError } from '@feather-identity/core';
import { Command, CommanderError } from 'commander';
import { BackupError } from '@feather-identity/infra';
import { backupCommand } from './cli/backup.command.js';
import { doctorCommand } from './cli/doctor.command.js';
import { importCommand } from './cli/import/import.command.js';
import { StoppedError } from './cli/import/stopped-error.js';
import { keyCommand } from './cli/key.command.js';
import { migrateCommand } from './cli/migrate.command.js';
import { organizationCommand } from './cli/organization.command.js';
import { restoreCommand } from './cli/restore.command.js';
import { pepperCommand, tokenCommand } from './cli/secret.commands.js';
import { unusedKeysCommand } from './cli/unused-keys.command.js';
import { UsageError } from './cli/usage-error.js';
import { EnvironmentError } from './environment/environment-error.js';
import { readEnvironment } from './environment/environment.js';
import { useSettingsFile } from './environment/settings-file.js';
import { settingsLine } from './services/database.js';
import { keepFilesPrivate } from './services/private-files.js';
import { UnwrittenError } from './standard-output.js';

/** Exit code for wrong options, as of other command-line programs. */
const USAGE_ERROR = 2;

/** Exit code of an import that stopped in the middle and continues when it is repeated. */
const STOPPED = 3;

const program = new Command('feather')
  .description('operate Feather Identity')
  .option('--env-file <file>', 'read settings from this file (default: feather.env, if it is there)')
  .option('--verbose', 'print the database and where each setting comes from')
  .hook('preAction', () => {
    const { envFile, verbose } = program.opts<{ envFile?: string; verbose?: boolean }>();
    useSettingsFile(envFile);
    if (verbose === true) process.stderr.write(`${settingsLine(readEnvironment())}\n`);
  })
  .addCommand(organizationCommand())
  .addCommand(keyCommand())
  .addCommand(importCommand())
  .addCommand(tokenCommand())
  .addCommand(pepperCommand())
  .addCommand(unusedKeysCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(migrateCommand())
  .addCommand(doctorCommand());
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
  const message = error instanceof Error ? error.message : String(error);
  const known = [IdentityError, EnvironmentError, UnwrittenError, BackupError].some((type) => error instanceof type);
  fail(1, known ? message : `error: ${message}`);
});

/** For a command group without a command, commander prints its help and has no message. */
function usageMistake(error: CommanderError): string {
  return error.code === 'commander.help' ? 'error: a command is missing' : error.message;
}

function fail(status: number, line: string): void {
  process.stderr.write(`${line}\n`);
  process.exitCode = status;
}

/** Commands that were created separately do not inherit these settings. */
function exitByException(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  command.commands.forEach(exitByException);
}
