import { Command } from 'commander';
import { print } from './print.js';
import { withSession } from './session.js';

/** `migrate`. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('migrate the database')
    .action(() => withSession(() => print(false, 'The database is up to date.')));
}
