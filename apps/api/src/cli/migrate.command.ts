import { Command } from 'commander';
import { print } from './print.js';
import { withSession } from './session.js';

/** `migrate`. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the database up to date')
    .action(() => withSession(() => print(false, 'The database is up to date.')));
}
