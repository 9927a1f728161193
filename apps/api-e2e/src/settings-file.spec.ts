import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CreatedOrganization, printedJson } from './support/command-line.js';
import { Installation } from './support/installation.js';
import type { Service } from './support/service.js';

const CREATE = ['organization', 'create', '--name', 'Acme', '--json'];

/** By paths that begin at the folder of the file. */
const SETTINGS = `
# a settings file
DATABASE_URL=sqlite:./keys/identity.db
SECRET_PEPPERS_FILE=keys/peppers
SECRET_HASHER=hmac-sha256
KEY_NAMESPACE=acme
`;

describe('a settings file', () => {
  let installation: Installation;
  let elsewhere: Installation;
  let file: string;
  let service: Service;

  beforeAll(async () => {
    installation = await Installation.create('sqlite');
    elsewhere = await Installation.create('sqlite');
    file = await installation.write('feather.env', SETTINGS);
    service = await installation.start();
  });

  const accepted = async (created: Promise<unknown>) => {
    const { plain_text_key: key } = (await created) as CreatedOrganization;
    expect(key).toMatch(/^acme_live_/);
    expect(await service.whoami(key)).toMatchObject({ status: 200 });
  };

  it('in the working directory is read by the service and by commands', async () => {
    await accepted(installation.run(CREATE).then(printedJson));
    expect((await readdir(join(installation.folder, 'keys'))).sort()).toEqual(
      expect.arrayContaining(['identity.db', 'peppers']),
    );
    expect((await readdir(installation.folder)).sort()).toEqual(['feather.env', 'keys']);
  });

  it('that is named means the same files from another folder: before, behind and without a command', async () => {
    await accepted(elsewhere.run(['--env-file', file, ...CREATE]).then(printedJson));
    await accepted(elsewhere.run([...CREATE, `--env-file=${file}`]).then(printedJson));
    await accepted(elsewhere.run(CREATE, { FEATHER_ENV_FILE: file }).then(printedJson));
    const second = await elsewhere.startNamed(file);
    const { plain_text_key: key } = printedJson(await installation.run(CREATE)) as CreatedOrganization;
    expect(await second.whoami(key)).toMatchObject({ status: 200 });
    await second.stop();
    expect(await readdir(elsewhere.folder)).toEqual([]);
  });

  it('is told of in the first line of the log, and by --verbose, with where each setting comes from', async () => {
    const line =
      `Database: ${join(installation.folder, 'keys/identity.db')} (DATABASE_URL in ${file}). ` +
      `From the environment: PORT, SHUTDOWN_GRACE_SECONDS. From ${file}: DATABASE_URL, KEY_NAMESPACE, SECRET_HASHER, SECRET_PEPPERS_FILE. ` +
      'Defaults: all other settings.';
    expect(JSON.parse(service.output.split('\n')[0] ?? '')).toMatchObject({ level: 30, msg: line });
    const { status, stdout, stderr } = await installation.run(['organization', 'list', '--json', '--verbose'], {
      PORT: '1',
      SHUTDOWN_GRACE_SECONDS: '0',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: `${line}\n` });
    expect(JSON.parse(stdout)).not.toEqual([]);
  });

  it('that every user may read is warned of where it has secrets', async () => {
    const { stdout: pepper } = await installation.run(['pepper', 'generate']);
    const open = await Installation.create('sqlite');
    const path = await open.write('feather.env', `SECRET_PEPPERS=${pepper}`);
    await chmod(path, 0o644);
    const warning = `Every user may read ${path}, which has secrets: chmod o= ${path}`;
    expect((await open.start()).output).toContain(warning);
    const listed = await open.run(['organization', 'list', '--json']);
    expect(listed).toMatchObject({ status: 0, stderr: `warning: ${warning}\n` });
    await chmod(path, 0o600);
    expect(await open.run(['organization', 'list'])).toMatchObject({ status: 0, stderr: '' });
  });

  it('that cannot be used stops the service and commands with one line', async () => {
    const missing = join(elsewhere.folder, 'missing.env');
    const typo = await installation.write('typo.env', 'DATABSE_URL=sqlite:./keys/identity.db\n');
    const told = {
      [missing]: `The settings file ${missing} does not exist\n`,
      [typo]: `The settings file ${typo}, line 1: DATABSE_URL is not a setting of this service. Did you mean DATABASE_URL?\n`,
    };
    for (const [path, stderr] of Object.entries(told)) {
      const named = { FEATHER_ENV_FILE: path };
      expect(await elsewhere.run(['organization', 'list'], named)).toEqual({ status: 1, stdout: '', stderr });
      expect(await elsewhere.startInVain(named)).toEqual({ status: 1, stdout: '', stderr });
    }
    // Node itself looks for the file of an option of this name, and ends with its own line and status.
    for (const option of [['organization', 'list', '--env-file', missing]]) {
      expect(await elsewhere.run(option)).toMatchObject({ stdout: '', stderr: expect.stringContaining(missing) });
    }
    const folder = join(elsewhere.folder, 'feather.env');
    await mkdir(folder);
    expect(await elsewhere.run(['organization', 'list'])).toMatchObject({
      status: 1,
      stderr: `The settings file ${folder} cannot be read (EISDIR)\n`,
    });
  });
});
