import { HASH_ENCODINGS, HASH_SCHEMES } from '@feather-identity/infra';
import { Command, Option } from 'commander';
import { organizationOption, withJson } from '../options.js';
import { importFile, type ImportOptions } from './import-file.js';
import { FORMATS } from './rows-of-file.js';

/** `import FILE`: takes the keys of another system over, with the hashes that are stored there. */
export function importCommand(): Command {
  return withJson(new Command('import'))
    .description('take over the keys of another system with their stored hashes; repeat it to go on where it stopped')
    .argument('<file>', 'CSV whose first line names the fields, or JSON Lines')
    .addOption(new Option('--format <format>', 'the format of the file, if its name does not tell').choices(FORMATS))
    .addOption(organizationOption().makeOptionMandatory(false))
    .addOption(new Option('--scheme <scheme>', 'how the keys were hashed').choices(HASH_SCHEMES))
    .addOption(new Option('--encoding <encoding>', 'how digests without a salt are written').choices(HASH_ENCODINGS))
    .option('--pepper <name>', 'the entry of IMPORTED_KEY_PEPPERS that the hashes were made with')
    .option('--unrestricted', 'keys without scopes may do everything; otherwise they are refused')
    .option('--dry-run', 'check all rows, also against the database, and store nothing')
    .option('--report <file>', 'write what became of each row, as JSON Lines')
    .addHelpText('after', `\nWhat the options say counts for rows that do not say it themselves.`)
    .action((path: string, options: ImportOptions) => importFile(path, options));
}
