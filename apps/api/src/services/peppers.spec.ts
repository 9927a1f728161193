import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { generatePepper } from '@feather-identity/infra';
import { temporaryFolder } from '../../testing/databases.js';
import { EnvironmentError } from '../environment/environment-error.js';
import { readEnvironment } from '../environment/environment.js';
import { GivenSettings } from '../environment/given-settings.js';
import { findPeppers, loadPeppers, peppersOfStart } from './peppers.js';

const load = async (variables: Record<string, string>) => {
  const env = readEnvironment(new GivenSettings(variables), false);
  return (await peppersOfStart(env)) ?? loadPeppers(env);
};

/** The one line of the error that loading ends in. */
async function refusal(variables: Record<string, string>): Promise<string> {
  const error = await load(variables).catch((thrown: unknown) => thrown);
  if (!(error instanceof EnvironmentError)) throw new Error('Loading did not end in an EnvironmentError.');
  expect(error.lines).toHaveLength(1);
  return error.message;
}

describe('the peppers of an installation', () => {
  it('are made outside production, for their owner only, and read again by the next start', async () => {
    const path = join(temporaryFolder(), 'made', 'peppers');
    const first = await load({ SECRET_PEPPERS_FILE: path });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await load({ SECRET_PEPPERS_FILE: path })).current).toEqual(first.current);
    expect((await load({ SECRET_PEPPERS_FILE: path, NODE_ENV: 'production' })).current).toEqual(first.current);
  });

  it('are never made in production: the start stops and names the command that makes them', async () => {
    const path = join(temporaryFolder(), 'peppers');
    const line = await refusal({ SECRET_PEPPERS_FILE: path, NODE_ENV: 'production' });
    expect(line).toMatch(/^SECRET_PEPPERS_FILE \(\/.+\) does not exist\. .*cli\.js'? pepper generate > FILE/);
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it.each(['production', 'development'])('stop the start when their file cannot be read in %s', async (mode) => {
    const folder = temporaryFolder();
    const line = await refusal({ SECRET_PEPPERS_FILE: folder, NODE_ENV: mode });
    expect(line).toBe('SECRET_PEPPERS_FILE names a file that cannot be read (EISDIR)');
  });

  it.each([['hunter2'], [''], ['1:c2hvcnQ'], [`${generatePepper(1)},hunter2`]])(
    'stop the start when the file is damaged, and are not shown: %j',
    async (content) => {
      const path = join(temporaryFolder(), 'peppers');
      writeFileSync(path, content);
      const line = await refusal({ SECRET_PEPPERS_FILE: path });
      expect(line).toMatch(/^SECRET_PEPPERS_FILE: the file must have entries like /);
      if (content !== '') expect(line).not.toContain(content);
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  it('are taken from SECRET_PEPPERS without a look at any file', async () => {
    const env = readEnvironment(
      new GivenSettings({ SECRET_PEPPERS: `${generatePepper(3)},${generatePepper(2)}` }),
      false,
    );
    const path = join(temporaryFolder(), 'peppers');
    expect((await loadPeppers({ ...env, peppersFile: path })).current.id).toMatch(/^v3\./);
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('are looked for without being made', async () => {
    const path = join(temporaryFolder(), 'peppers');
    const env = readEnvironment(new GivenSettings({ SECRET_PEPPERS_FILE: path }), false);
    await expect(findPeppers(env)).resolves.toBeNull();
    expect(() => statSync(path)).toThrow('ENOENT');
    const { ids } = await loadPeppers(env);
    expect((await findPeppers(env))?.ids).toEqual(ids);
    writeFileSync(path, 'hunter2');
    await expect(findPeppers(env)).rejects.toThrow(/^SECRET_PEPPERS_FILE: the file must have entries like /);
  });
});
