import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { Installation } from './support/installation.js';

describe.each(DATABASES)('feather pepper usage on %s', (database) => {
  let installation: Installation;

  const printed = async (...options: string[]) => {
    const { status, stdout, stderr } = await installation.run(['pepper', 'usage', ...options]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout.split('\n');
  };

  beforeAll(async () => {
    installation = await Installation.create(database);
    const service = await installation.start();
    const { id } = await service.newKey(service.firstKey);
    await service.newKey(service.firstKey);
    await service.revoke(service.firstKey, id);
  });

  it('prints a table for people, of the keys that are not revoked', async () => {
    const [headings, line, empty, ...footnote] = await printed();
    expect([headings, line, empty]).toEqual([
      'PEPPER       STATE    SECRETS  WITHOUT HASH',
      expect.stringMatching(/^v1\.[\w-]{8} {2}current {8}2 {13}0$/),
      '',
    ]);
    expect(footnote.join(' ')).toContain('neither revoked nor expired');
  });

  it('counts secrets without a proof, and shows nothing that commands the terminal', async () => {
    await installation.database.query(
      "UPDATE api_key_secrets SET proof = 'hmac-sha256:\u001b[2K:' || substr(proof, 25)",
    );
    expect((await printed())[2]).toMatch(/^\\u\{1b\}\[2K +unknown +2 +0$/);
    await installation.database.query('UPDATE api_key_secrets SET proof = NULL');
    expect(JSON.parse((await printed('--json')).join(''))).toMatchObject([
      { state: 'current', secrets: 0 },
      { pepper: null, state: 'none', secrets: 2, without_hash: 0 },
    ]);
  });

  it('needs no peppers, and makes none', async () => {
    const file = join(installation.folder, 'data', 'peppers');
    await rm(file);
    expect(await printed('--json')).toEqual([expect.stringContaining('"state":"none"'), '']);
    expect(existsSync(file)).toBe(false);
  });
});
