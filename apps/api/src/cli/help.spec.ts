import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { calledAs } from '../environment/called-as.js';
import { auditCommand } from './audit.command.js';
import { backupCommand } from './backup.command.js';
import { doctorCommand } from './doctor.command.js';
import { importCommand } from './import/import.command.js';
import { keyCommand } from './key.command.js';
import { memberCommand } from './member.command.js';
import { migrateCommand } from './migrate.command.js';
import { operatorCommand } from './operator.command.js';
import { organizationCommand } from './organization.command.js';
import { policyCommand } from './policy.command.js';
import { restoreCommand } from './restore.command.js';
import { pepperCommand, tokenCommand } from './secret.commands.js';
import { unusedKeysCommand } from './unused-keys.command.js';

const COMMANDS = [
  organizationCommand(),
  memberCommand(),
  keyCommand(),
  policyCommand(),
  auditCommand(),
  operatorCommand(),
  importCommand(),
  tokenCommand(),
  pepperCommand(),
  unusedKeysCommand(),
  backupCommand(),
  restoreCommand(),
  doctorCommand(),
  migrateCommand(),
].flatMap((command) => leaves(command, command.name()));

function leaves(command: Command, name: string): (readonly [name: string, command: Command])[] {
  if (command.commands.length === 0) return [[name, command]];
  return command.commands.flatMap((each) => leaves(each, `${name} ${each.name()}`));
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
}

describe('the help', () => {
  it.each(COMMANDS)('of %s has examples that can be pasted', (name, command) => {
    const [, examples = ''] = helpOf(command).split('\nExamples:\n');
    const lines = examples.trimEnd().split('\n');
    expect(lines.filter((line) => !line.startsWith(`  ${calledAs()} ${name}`))).toEqual([]);
  });

  it('of each command that prints data offers --json', () => {
    const silent = ['token generate', 'pepper generate', 'migrate'];
    const without = COMMANDS.filter(([, command]) => !helpOf(command).includes('--json')).map(([name]) => name);
    expect(without).toEqual(silent);
  });
});
