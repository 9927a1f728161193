import { readHeldLeases } from '@feather-identity/infra';
import { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { databaseName } from '../environment/database-name.js';
import { readEnvironment } from '../environment/environment.js';
import { lacksMigrations } from '../services/database.js';
import { acceptKeySettings, prefixOf } from '../services/key-settings.js';
import { confirm } from './confirm.js';
import { withExamples } from './options.js';
import { print } from './print.js';
import { withSession } from './session.js';

const DONE = {
  missing: 'The database was created',
  empty: 'The tables were created',
  older: 'The database was migrated to this version',
  nothing: 'The database is up to date',
};

interface MigrateOptions {
  readonly acceptKeyFormat?: boolean;
  readonly acceptPeppers?: boolean;
  readonly yes?: boolean;
}

/** What becomes of instances that run while other peppers are accepted. */
const GO_ON =
  'They go on with the old pepper: until they are restarted with the new one they make no keys and are not ready.';

/** Only PostgreSQL knows of other instances, and not of all. */
async function askAboutPeppers(dataSource: DataSource, yes: boolean | undefined): Promise<void> {
  const running = dataSource.options.type === 'postgres' ? (await readHeldLeases(dataSource)).held : 0;
  if (running > 0) process.stderr.write(`warning: Instances that run on this database: ${running}. ${GO_ON}\n`);
  await confirm(`Stop all instances of the service first. ${GO_ON}\nAccept the peppers of these settings?`, yes);
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
    .option('-y, --yes', 'do not ask')
    .action(async ({ acceptKeyFormat = false, acceptPeppers = false, yes }: MigrateOptions) => {
      const before = await lacksMigrations(readEnvironment());
      await withSession(
        async ({ env, identity: { dataSource } }) => {
          await print(false, `${DONE[before ?? 'nothing']}: ${databaseName(env.database)}.`);
          if (!acceptKeyFormat && !acceptPeppers) return;
          if (acceptPeppers) await askAboutPeppers(dataSource, yes);
          const accepted = { keyFormat: acceptKeyFormat, peppers: acceptPeppers };
          const { pepperIds, ...format } = await acceptKeySettings(env, dataSource, accepted);
          const peppers = pepperIds.length === 0 ? 'those of the next start' : pepperIds.join(', ');
          await print(false, `Its keys begin with ${prefixOf(format)}; peppers: ${peppers}.`);
        },
        { migrates: true },
      );
    });
}
