import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { eventually } from './support/eventually.js';
import { Installation } from './support/installation.js';
import type { CreatedKey, Service } from './support/service.js';
import { partsOf, randomPart, wellFormed } from './support/tokens.js';

describe.each(DATABASES)('a lost pepper file on %s (KH6)', (database) => {
  let installation: Installation;
  let service: Service;
  let keys: CreatedKey[];
  let lostProofs: Record<string, string>;

  const proofs = async (): Promise<Record<string, string>> => {
    const rows = await installation.database.query('SELECT key_prefix, proof FROM api_key_secrets');
    return Object.fromEntries(rows.map((row) => [String(row['key_prefix']), String(row['proof'])]));
  };

  /** Takes away what bcrypt checks: whoever still gets in is proven without it. */
  const forgetBcrypt = ({ key_prefix }: CreatedKey) =>
    installation.database.query(`UPDATE api_key_secrets SET hash = NULL WHERE key_prefix = '${key_prefix}'`);

  beforeAll(async () => {
    installation = await Installation.create(database);
    const before = await installation.start();
    keys = [
      await before.newKey(before.firstKey),
      await before.newKey(before.firstKey),
      await before.newKey(before.firstKey),
    ];
    await before.stop();
    const file = join(installation.folder, 'data', 'peppers');
    const lost = await readFile(file, 'utf8');
    await rm(file);
    lostProofs = await proofs();
    const refused = await installation.startInVain({});
    expect(refused).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/put the file back\. .*--accept-peppers/),
    });
    expect(await installation.run(['migrate', '--accept-peppers'])).toMatchObject({ status: 0, stderr: '' });
    service = await installation.start({ LAST_USED_FLUSH_SECONDS: '1' });
    expect(await readFile(file, 'utf8')).not.toBe(lost);
  });

  it('costs no key, and each use renews that proof alone, once', async () => {
    const [used, unused] = keys as [CreatedKey, CreatedKey];
    expect(await service.whoami(used.plain_text_key)).toMatchObject({ status: 200 });
    // In the background: the request did not wait for it.
    await eventually(async () => (await proofs())[used.key_prefix] !== lostProofs[used.key_prefix]);
    const renewed = await proofs();
    expect(renewed[used.key_prefix]).toMatch(/^hmac-sha256:v1\.[\w-]{8}:[\w-]{43}$/);
    expect(renewed[used.key_prefix]?.split(':')[1]).not.toBe(lostProofs[used.key_prefix]?.split(':')[1]);
    expect(renewed[unused.key_prefix]).toBe(lostProofs[unused.key_prefix]);
    expect(await service.whoami(used.plain_text_key)).toMatchObject({ status: 200 });
    expect(await proofs()).toEqual(renewed);
  });

  it('needs no bcrypt from the second use on', async () => {
    const [used] = keys as [CreatedKey];
    expect(await service.whoami(used.plain_text_key)).toMatchObject({ status: 200 });
    await forgetBcrypt(used);
    expect(await service.whoami(used.plain_text_key)).toMatchObject({ status: 200 });
  });

  it('is bridged by bcrypt and by nothing else', async () => {
    const [, , unused] = keys as [CreatedKey, CreatedKey, CreatedKey];
    const forged = wellFormed({ ...partsOf(unused.plain_text_key), secret: randomPart(32) });
    expect(await service.whoami(forged)).toMatchObject({ status: 401 });
    await forgetBcrypt(unused);
    expect(await service.whoami(unused.plain_text_key)).toMatchObject({ status: 401 });
    expect((await proofs())[unused.key_prefix]).toBe(lostProofs[unused.key_prefix]);
  });
});
