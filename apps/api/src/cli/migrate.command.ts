import { Command } from 'commander';
import { withExamples } from './options.js';
import { print } from './print.js';
import { withSession } from './session.js';

/** `migrate`. */
export function migrateCommand(): Command {
  return withExamples(new Command('migrate'), 'migrate')
    .description('migrate the database')
    .action(() => withSession(() => print(false, 'The database is up to date.')));
}
