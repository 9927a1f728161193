import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganization, type CreatedOrganization } from './support/command-line.js';
import { DATABASES } from './support/database.js';
import { Installation } from './support/installation.js';

const ID = '0199d5a0-0000-7000-8000-000000000000';

/** Every command that uses the database, but `migrate`. */
const COMMANDS = [
  'organization create --name n',
  'organization list',
  `key create --organization ${ID} --name n --unrestricted`,
  `key list --organization ${ID}`,
  `key revoke ${ID} --organization ${ID}`,
  'import keys.csv --scheme sha256',
  'import keys.csv --scheme sha256 --dry-run',
  'pepper usage',
  'unused-keys',
].map((command) => command.split(' '));
const IMPORTED = { IMPORTED_KEYS: 'sha256' };
const CSV = 'name,hash,scopes\nCI,2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b,a:b\n';

it('a command in the wrong folder says which database is missing and why it looks there, and makes no file', async () => {
  const installation = await Installation.create('sqlite');
  await installation.write('keys.csv', CSV);
  const database = join(installation.folder, 'data/identity.db');
  for (const command of COMMANDS) {
    expect(await installation.run(command, IMPORTED)).toEqual({
      status: 1,
      stdout: '',
      stderr:
        `The database ${database} does not exist (the default, because DATABASE_URL is not set). To create it, start ` +
        'the service or run `feather migrate`. To use another: --env-file FILE or DATABASE_URL.\n',
    });
  }
  expect(await readdir(installation.folder)).toEqual(['keys.csv']);
});

describe.each(DATABASES)('a command on %s', (database) => {
  let installation: Installation;
  let acme: CreatedOrganization;

  beforeAll(async () => {
    installation = await (await Installation.create(database)).prepare();
    await installation.write('keys.csv', CSV);
    acme = await createOrganization(installation, 'Acme');
  });

  it('with other settings than the service writes no key, and says what differs and what to do', async () => {
    const { stdout: pepper } = await installation.run(['pepper', 'generate']);
    const organization = ['--organization', acme.organization_id];
    const writes = [
      ['organization', 'create', '--name', 'Beta'],
      ['key', 'create', ...organization, '--name', 'n', '--unrestricted'],
      ['import', 'keys.csv', '--scheme', 'sha256', ...organization],
    ];
    const before = await installation.database.dump();
    for (const command of writes) {
      const refusals = {
        'those of this database begin with fth_live_. Set KEY_NAMESPACE=fth and': { KEY_NAMESPACE: 'acme' },
        '`feather migrate --accept-key-format`': { KEY_ENVIRONMENT: 'test' },
        'but the keys of this database were made under v1.': { SECRET_PEPPERS: pepper.trim() },
      };
      for (const [told, settings] of Object.entries(refusals)) {
        const outcome = await installation.run(command, { ...IMPORTED, ...settings });
        expect(outcome).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining(told) });
      }
    }
    for (const settings of [{ KEY_NAMESPACE: 'acme' }, { SECRET_PEPPERS: pepper.trim() }]) {
      expect(await installation.startInVain(settings)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('this database'),
      });
    }
    expect(await installation.database.dump()).toBe(before);
  });

  it('without the peppers makes no key and no file, also none of the peppers', async () => {
    const before = await installation.database.dump();
    const outcome = await installation.run(['organization', 'create', '--name', 'Beta'], {
      SECRET_PEPPERS_FILE: './elsewhere/peppers',
    });
    expect(outcome).toMatchObject({ status: 1, stderr: expect.stringContaining('put the file back') });
    expect(await readdir(installation.folder)).not.toContain('elsewhere');
    expect(await installation.database.dump()).toBe(before);
  });

  it('on a database that is older leaves it as it is and says what to run', async () => {
    await installation.database.query('DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations)');
    const before = await installation.database.dump();
    for (const command of COMMANDS) {
      expect(await installation.run(command, IMPORTED)).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(/^The database .+ is older than this version .+ Run `feather migrate`/),
      });
    }
    expect(await installation.database.dump()).toBe(before);
  });
});
