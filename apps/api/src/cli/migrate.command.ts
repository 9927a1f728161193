import { Command } from 'commander';
import { acceptKeySettings, prefixOf } from '../services/key-settings.js';
import { withExamples } from './options.js';
import { print } from './print.js';
import { withSession } from './session.js';

interface MigrateOptions {
  readonly acceptKeyFormat?: boolean;
  readonly acceptPeppers?: boolean;
}

/** `migrate`. */
export function migrateCommand(): Command {
  return withExamples(new Command('migrate'), 'migrate')
    .description('create the database or migrate it to this version')
    .option(
      '--accept-key-format',
      'accept another KEY_NAMESPACE or KEY_ENVIRONMENT; the service then refuses older keys',
    )
    .option('--accept-peppers', 'accept other peppers; keys without a hash are lost with the old ones')
    .action(({ acceptKeyFormat = false, acceptPeppers = false }: MigrateOptions) =>
      withSession(
        async ({ env, identity: { dataSource } }) => {
          await print(false, 'The database is up to date.');
          if (!acceptKeyFormat && !acceptPeppers) return;
          const accepted = { keyFormat: acceptKeyFormat, peppers: acceptPeppers };
          const { pepperIds, ...format } = await acceptKeySettings(env, dataSource, accepted);
          const peppers = pepperIds.length === 0 ? 'those of the next start' : pepperIds.join(', ');
          await print(false, `Its keys begin with ${prefixOf(format)}; peppers: ${peppers}.`);
        },
        { migrates: true },
      ),
    );
}
