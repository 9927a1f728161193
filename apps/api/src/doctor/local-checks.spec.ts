import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { generatePepper } from '@feather-identity/infra';
import { temporaryFolder } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import { EnvironmentError } from '../environment/environment-error.js';
import { readScopesFile } from '../services/scopes-file.js';
import { diskChecks, fileChecks, proxyChecks, scopesChecks } from './local-checks.js';

describe('the doctor', () => {
  it.each([
    [{}, 'ok'],
    [{ HOST: '0.0.0.0' }, 'warning'],
    [{ NODE_ENV: 'production' }, 'warning'],
    [{ HOST: '0.0.0.0', TRUSTED_PROXIES: '10.0.0.1' }, 'ok'],
  ])('finds proxies of %j: %s', (variables, state) => {
    expect(proxyChecks(environment(variables))).toMatchObject([{ check: 'proxies', state }]);
  });

  it('finds files that everybody may read, and a key file that is missing', () => {
    const folder = temporaryFolder();
    const [database, peppers] = [join(folder, 'x.db'), join(folder, 'peppers')];
    const env = environment({ DATABASE_URL: `sqlite:${database}`, SECRET_PEPPERS_FILE: peppers });
    expect(fileChecks(env)).toMatchObject([{ state: 'ok' }]);
    for (const path of [database, peppers]) writeFileSync(path, '');
    for (const mode of [0o600, 0o640]) {
      for (const path of [database, peppers]) chmodSync(path, mode);
      expect(fileChecks(env)).toMatchObject([{ state: 'ok' }]);
    }
    for (const path of [database, peppers]) chmodSync(path, 0o644);
    expect(fileChecks({ ...env, bootstrapApiKeyFile: join(folder, 'key') })).toMatchObject([
      { state: 'warning', message: expect.stringContaining(peppers) },
      { state: 'warning', message: expect.stringContaining(database) },
      { state: 'problem', message: expect.stringContaining('BOOTSTRAP_API_KEY_FILE') },
    ]);
  });

  it('finds a catalogue of scopes that cannot be used', () => {
    const SCOPES_FILE = join(temporaryFolder(), 'scopes.json');
    const check = () => scopesChecks(environment({ SCOPES_FILE }));
    expect(scopesChecks(environment({}))).toMatchObject([{ check: 'scopes', state: 'ok' }]);
    expect(check()).toMatchObject([{ state: 'problem', message: expect.stringContaining('cannot be read') }]);
    for (const [text, what] of [
      ['[', 'is no JSON'],
      ['{}', 'is a list'],
      ['[{"name": "orders"}]', 'Scope 1 of the catalogue has no name that is resource:action'],
    ]) {
      writeFileSync(SCOPES_FILE, text ?? '');
      expect(check()).toMatchObject([{ state: 'problem', message: expect.stringContaining(what ?? '') }]);
      expect(() => readScopesFile(environment({ SCOPES_FILE }))).toThrow(EnvironmentError);
    }
    writeFileSync(SCOPES_FILE, '[{"name": "orders:read", "description": "Read orders", "group": "Orders"}]');
    expect(check()).toMatchObject([{ state: 'ok', message: expect.stringContaining('1 in ') }]);
  });

  it('finds a disk without room', () => {
    const DATABASE_URL = `sqlite:${join(temporaryFolder(), 'new/folder/x.db')}`;
    const SECRET_PEPPERS = generatePepper(1);
    expect(diskChecks(environment({ DATABASE_URL, SECRET_PEPPERS }))).not.toMatchObject([{ state: 'problem' }]);
    // A file system without a single free block.
    expect(diskChecks(environment({ DATABASE_URL: 'sqlite:/proc/x.db' }))).toMatchObject([{ state: 'problem' }]);
    expect(diskChecks(environment({ DATABASE_URL: 'postgres://h/d' }))).toEqual([]);
  });
});
