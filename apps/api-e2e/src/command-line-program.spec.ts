import { describe, expect, it } from '@jest/globals';
import { createOrganization } from './support/command-line.js';
import { DATABASES, type DatabaseType } from './support/database.js';
import { Installation } from './support/installation.js';

/** Commands that end with each status, write to each stream, and read settings, files of the folder and standard input. */
const COMMANDS: readonly (readonly [status: number, command: string, input?: string])[] = [
  [0, 'organization list'],
  [0, 'organization show Größe --json'],
  [0, 'key create --help'],
  [0, '--version'],
  [0, 'pepper usage'],
  [1, 'organization show Nobody'],
  [1, 'key find -', `a log line with fth_live_${'0'.repeat(46)}`],
  [2, 'import keys.csv --scheme sha256 --organization Größe'],
  [2, 'organization nonsense'],
];

/** A rule of other specs too, which run most commands by `Installation.run`. */
describe('a command ends as a program as it does where commands share a process', () => {
  const prepare = async (database: DatabaseType) => {
    const installation = await (await Installation.create(database)).prepare();
    await installation.write('feather.env', 'IMPORTED_KEYS=sha256\nLOG_LEVEL=warn\n');
    await installation.write('keys.csv', 'name,hash,scopes\nCI,nonsense,a:b\n');
    await createOrganization(installation, 'Größe');
    return installation;
  };

  it.each(DATABASES)('on %s', async (database) => {
    const installation = await prepare(database);
    for (const [status, command, input] of database === 'sqlite' ? COMMANDS : COMMANDS.slice(0, 1)) {
      const ended = await installation.runProgram(command.split(' '), {}, input);
      expect(ended).toMatchObject({ status, [status === 0 ? 'stderr' : 'stdout']: '' });
      expect(await installation.run(command.split(' '), {}, input)).toEqual(ended);
    }
  });
});
