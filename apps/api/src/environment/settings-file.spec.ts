import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { generatePepper } from '@feather-identity/infra';
import { temporaryFolder } from '../../testing/databases.js';
import { readEnvironment } from './environment.js';
import { GivenSettings } from './given-settings.js';
import { findSettingsFile } from './settings-file.js';

describe('a settings file', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = temporaryFolder();
    path = join(folder, 'settings');
  });

  const read = (text: string, variables: Record<string, string> = {}, mode = 0o600) => {
    writeFileSync(path, text);
    chmodSync(path, mode);
    return readEnvironment(new GivenSettings(variables, findSettingsFile({ FEATHER_ENV_FILE: path })), false);
  };

  it('gives settings, with comments and quotes, and the environment beats it', () => {
    const text = `# ports\n\nPORT=81\nexport HOST='::1'\nMETRICS=\nLOG_LEVEL="debug" # for now\n`;
    const env = read(text, { PORT: '82', HOST: '' });
    expect(env).toMatchObject({ port: 82, host: '::1', metrics: false, logLevel: 'debug', settingsFile: path });
    const origins = Object.fromEntries(env.settings.map(({ name, origin }) => [name, origin]));
    expect(origins).toMatchObject({ PORT: 'environment', HOST: 'file', METRICS: 'default', LOG_LEVEL: 'file' });
  });

  it('may begin with a byte order mark, and loses no setting in the quotes of another', () => {
    expect(read('\uFEFFPORT=81\n')).toMatchObject({ port: 81 });
    expect(() => read('HOST="::1\nPORT=81\nLOG_LEVEL="debug"\n')).toThrow(
      `The settings file ${path}, line 2, is part of a value above it, whose quotes are not closed`,
    );
  });

  it('begins relative paths at its folder, the defaults too, but not those of the environment', () => {
    expect(read('')).toMatchObject({
      database: { path: join(folder, 'data/identity.db') },
      peppersFile: join(folder, 'data/peppers'),
    });
    expect(read('DATABASE_URL=sqlite:x.db\nSECRET_PEPPERS_FILE=../p\nBOOTSTRAP_API_KEY_FILE=k\n')).toMatchObject({
      database: { path: join(folder, 'x.db') },
      peppersFile: join(folder, '../p'),
      bootstrapApiKeyFile: join(folder, 'k'),
    });
    const variables = { DATABASE_URL: 'sqlite:x.db', SECRET_PEPPERS_FILE: './p' };
    expect(read('', variables)).toMatchObject({ database: { path: 'x.db' }, peppersFile: './p' });
  });

  it('gives way where the environment names the secret by its other setting', () => {
    const SECRET_PEPPERS = generatePepper(1);
    expect(read('SECRET_PEPPERS_FILE=p\n', { SECRET_PEPPERS }).peppers).not.toBeNull();
    expect(() => read(`SECRET_PEPPERS_FILE=p\nSECRET_PEPPERS=${SECRET_PEPPERS}\n`)).toThrow('exclude each other');
  });

  it.each([
    [
      'PORT=80\nDATABSE_URL=sqlite:hunter2\n',
      'line 2: DATABSE_URL is not a setting of this service. Did you mean DATABASE_URL?',
    ],
    ['PORT=80\nDATABASE_READ_URL=postgres://hunter2\n', /^DATABASE_READ_URL is not supported: [^\n]*$/],
    ['PATH=/hunter2\n', 'line 1: PATH is not a setting of this service.'],
    ['PORT 80 hunter2\n', 'line 1, is neither NAME=VALUE nor a comment'],
    ['SECRET_PEPPERS="1:a\nhunter2"\n', 'line 2, is neither NAME=VALUE nor a comment'],
    ['PORT=80\nPORT=81\n', 'line 2, sets PORT again'],
    ['PORT=hunter2\n', 'PORT must be a whole number'],
  ])('is refused for a line that sets nothing, without its value: %j', (text, told) => {
    expect(() => read(text)).toThrow(told);
    expect(() => read(text)).not.toThrow('hunter2');
  });

  it('that was named must be there and readable', () => {
    expect(() => findSettingsFile({ FEATHER_ENV_FILE: path })).toThrow(`The settings file ${path} does not exist`);
    mkdirSync(path);
    expect(() => findSettingsFile({ FEATHER_ENV_FILE: path })).toThrow(/cannot be read \(EISDIR\)$/);
  });

  it.each<[string, number, boolean]>([
    [`SECRET_PEPPERS=${generatePepper(1)}`, 0o644, true],
    ['DATABASE_URL=postgres://u:p@h/d', 0o604, true],
    ['DATABASE_URL=postgres://u@h/d', 0o644, false],
    [`SECRET_PEPPERS=${generatePepper(1)}`, 0o640, false],
    ['RATE_LIMIT_STORE=redis://:p@h', 0o644, true],
    ['RATE_LIMIT_STORE=redis://h', 0o644, false],
    ['PORT=80', 0o644, false],
  ])('that has secrets and is readable by everybody is warned of: %s %s', (text, mode, isWarned) => {
    expect(read(text, {}, mode).warnings).toEqual(isWarned ? [expect.stringContaining('chmod o= ')] : []);
  });
});
