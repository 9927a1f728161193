import { HASH_ENCODINGS, HASH_SCHEMES } from '@feather-identity/infra';
import { Command, Option } from 'commander';
import { uuid, withExamples, withJson } from '../options.js';
import { importFile, type ImportOptions } from './import-file.js';
import { FORMATS } from './rows-of-file.js';

/** `import FILE`: imports the keys of another system by the hashes that it stored. */
export function importCommand(): Command {
  const command = withJson(new Command('import'))
    .description(
      'import the keys of another system by their stored hashes; repeat the command to continue after an interruption',
    )
    .argument('<file>', 'CSV whose first line names the fields, or JSON Lines')
    .addOption(new Option('--format <format>', 'the format of the file, if its name does not show it').choices(FORMATS))
    .addOption(new Option('--organization <id>', 'the organization').argParser(uuid))
    .addOption(new Option('--scheme <scheme>', 'how the keys were hashed').choices(HASH_SCHEMES))
    .addOption(new Option('--encoding <encoding>', 'the encoding of hashes without a salt').choices(HASH_ENCODINGS))
    .option('--pepper <name>', 'the name in IMPORTED_KEY_PEPPERS of the pepper of these hashes')
    .option('--unrestricted', 'make keys without scopes unrestricted; otherwise they are refused')
    .option('--dry-run', 'check all rows against the database, and store nothing')
    .option('--report <file>', 'write the outcome of each row to this file, as JSON Lines')
    .addHelpText('after', '\nAn option applies to rows that do not have the field themselves.')
    .action((path: string, options: ImportOptions) => importFile(path, options));
  return withExamples(command, 'import keys.csv --organization ID --scheme sha256 --dry-run');
}
