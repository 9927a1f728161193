import { IdentityError } from '@feather-identity/core';
import { Command, CommanderError } from 'commander';
import { adviceOn, BackupError } from '@feather-identity/infra';
import manifest from '../package.json' with { type: 'json' };
import { auditCommand } from './cli/audit.command.js';
import { backupCommand } from './cli/backup.command.js';
import { consoleCommand } from './cli/console.command.js';
import { doctorCommand } from './cli/doctor.command.js';
import { importCommand } from './cli/import/import.command.js';
import { StoppedError } from './cli/import/stopped-error.js';
import { keyCommand } from './cli/key.command.js';
import { memberCommand } from './cli/member.command.js';
import { migrateCommand } from './cli/migrate.command.js';
import { operatorCommand } from './cli/operator.command.js';
import { organizationCommand } from './cli/organization.command.js';
import { policyCommand } from './cli/policy.command.js';
import { RefusedError } from './cli/refused-error.js';
import { restoreCommand } from './cli/restore.command.js';
import { scopesCommand } from './cli/scopes.command.js';
import { pepperCommand, tokenCommand } from './cli/secret.commands.js';
import { usageCommand } from './cli/usage.command.js';
import { unusedKeysCommand } from './cli/unused-keys.command.js';
import { UsageError } from './cli/usage-error.js';
import { calledAs } from './environment/called-as.js';
import { EnvironmentError } from './environment/environment-error.js';
import { readEnvironment } from './environment/environment.js';
import { useSettingsFile } from './environment/settings-file.js';
import { reasonOf, settingsLine } from './services/database.js';
import { keepFilesPrivate } from './services/private-files.js';
import { UnwrittenError, writeOut } from './standard-output.js';

/** Exit code for wrong options, as of other command-line programs. */
const USAGE_ERROR = 2;

/** Exit code of an import that stopped in the middle and continues when it is repeated. */
const STOPPED = 3;

/** Refusals of an argument: nothing was changed. */
const WRONG_VALUES: readonly string[] = [
  'api_key.description_invalid',
  'api_key.expiry_in_past',
  'api_key.labels_invalid',
  'api_key.limit_invalid',
  'api_key.metadata_invalid',
  'api_key.name_invalid',
  'api_key.networks_invalid',
  'api_key.scope_invalid',
  'api_key.scope_unknown',
  'member.invalid',
  'organization.name_invalid',
];

const program = new Command(calledAs())
  .description('operate Feather Identity')
  .addCommand(organizationCommand())
  .addCommand(memberCommand())
  .addCommand(keyCommand())
  .addCommand(policyCommand())
  .addCommand(scopesCommand())
  .addCommand(auditCommand())
  .addCommand(usageCommand())
  .addCommand(operatorCommand())
  .addCommand(consoleCommand())
  .addCommand(importCommand())
  .addCommand(tokenCommand())
  .addCommand(pepperCommand())
  .addCommand(unusedKeysCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(migrateCommand())
  .addCommand(doctorCommand());

// `pepper generate` has a --version of its own, and commander looks for options of the program behind a command as well.
if (!process.argv.includes('pepper')) program.version(manifest.version, '-V, --version', 'print the version');

/** The command that was called, whose help an error names. */
let called = program;
let help = '';

prepare(program);
program.hook('preAction', (_program, command) => {
  called = command;
  const { envFile, verbose } = command.optsWithGlobals<{ envFile?: string; verbose?: boolean }>();
  useSettingsFile(envFile);
  if (verbose === true) process.stderr.write(`${settingsLine(readEnvironment())}\n`);
});
keepFilesPrivate();

program.parseAsync().catch(end).catch(end);

/** Ends with what an error means. Help and the version come as errors, too. */
async function end(error: unknown): Promise<void> {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return writeOut(help);
    fail(USAGE_ERROR, withHelp(usageMistake(error)));
  } else if (error instanceof UsageError || (error instanceof IdentityError && WRONG_VALUES.includes(error.code))) {
    // With a cause it is about a file or the database, of which no help tells.
    fail(USAGE_ERROR, error.cause === undefined ? withHelp(error.message) : error.message);
  } else if (error instanceof StoppedError) {
    fail(STOPPED, error.message);
  } else {
    fail(1, failure(error));
  }
}

function failure(error: unknown): string {
  if (isOfStorage(error)) return storageFailure(error);
  if (isForPeople(error)) return error.message;
  return `error: ${error instanceof Error ? error.message : String(error)}`;
}

function isOfStorage(error: unknown): error is Error {
  return adviceOn(error) !== undefined || (error instanceof IdentityError && error.code === 'storage.unavailable');
}

/** An operator is told the cause, which clients are not. */
function storageFailure(error: Error): string {
  const cause = error instanceof IdentityError ? error.cause : error;
  return cause === undefined ? error.message : `The database could not be used. ${reasonOf(cause)}`;
}

function isForPeople(error: unknown): error is Error {
  const kinds = [BackupError, IdentityError, EnvironmentError, RefusedError, UnwrittenError];
  return kinds.some((kind) => error instanceof kind);
}

/** For a command group without a command, commander prints its help and has no message. */
function usageMistake(error: CommanderError): string {
  return error.code === 'commander.help' ? 'error: a command is missing' : error.message.replaceAll('\n', ' ');
}

/** Adds to the first line how to get the help of the command. */
function withHelp(message: string): string {
  const names: string[] = [];
  for (let command: Command | null = called; command !== null; command = command.parent) names.unshift(command.name());
  const [first = '', ...rest] = message.split('\n');
  return [`${first} (see: ${names.join(' ')} --help)`, ...rest].join('\n');
}

function fail(status: number, line: string): void {
  process.stderr.write(`${line}\n`);
  process.exitCode = status;
}

/** Commands that were created separately do not inherit these settings, and options count where they stand. */
function prepare(command: Command): void {
  command
    .option('--env-file <file>', 'read settings from this file (default: feather.env, if it is there)')
    .option('--verbose', 'print the database and where each setting comes from')
    .exitOverride((error) => {
      called = command;
      throw error;
    })
    .configureOutput({ writeErr: () => undefined, writeOut: (text) => (help += text) });
  command.commands.forEach(prepare);
}
