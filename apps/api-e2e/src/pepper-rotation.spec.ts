import { beforeAll, describe, expect, it } from '@jest/globals';
import { printedJson } from './support/command-line.js';
import { DATABASES } from './support/database.js';
import { Installation } from './support/installation.js';
import type { CreatedKey } from './support/service.js';

describe.each(DATABASES)('a rotation of peppers on %s (KH9)', (database) => {
  let installation: Installation;
  let first: string;
  let second: string;
  let keys: [CreatedKey, CreatedKey];

  /** Version of the pepper of each key's proof. */
  const versions = async (): Promise<Record<string, string>> => {
    const rows = await installation.database.query('SELECT key_prefix, proof FROM api_key_secrets');
    return Object.fromEntries(rows.map((row) => [String(row['key_prefix']), String(row['proof']).slice(12, 14)]));
  };

  const pepper = async (version: string): Promise<string> =>
    (await installation.run(['pepper', 'generate', '--version', version])).stdout.trimEnd();

  const usage = async (SECRET_PEPPERS: string) =>
    printedJson(await installation.run(['pepper', 'usage', '--json'], { SECRET_PEPPERS }));

  /** Sends each key once to a service with these peppers and stops it, which writes what waited. */
  async function use(SECRET_PEPPERS: string, used: readonly CreatedKey[]): Promise<number[]> {
    const service = await installation.start({ SECRET_PEPPERS });
    const statuses: number[] = [];
    for (const { plain_text_key: key } of used) statuses.push((await service.whoami(key)).status);
    expect(await service.stop()).toMatchObject({ status: 0 });
    return statuses;
  }

  beforeAll(async () => {
    installation = await Installation.create(database);
    [first, second] = [await pepper('1'), await pepper('2')];
    const service = await installation.start({ SECRET_PEPPERS: first });
    keys = [await service.newKey(service.firstKey), await service.newKey(service.firstKey)];
    await service.stop();
  });

  it('costs no key, and moves the proofs of those that are used', async () => {
    const [used, unused] = keys;
    expect(await use(`${second},${first}`, [used, used])).toEqual([200, 200]);
    expect(await versions()).toMatchObject({ [used.key_prefix]: 'v2', [unused.key_prefix]: 'v1' });
    expect(await usage(`${second},${first}`)).toEqual([
      { pepper: expect.stringMatching(/^v2\./), state: 'current', secrets: 1, without_hash: 0 },
      { pepper: expect.stringMatching(/^v1\./), state: 'known', secrets: 2, without_hash: 0 },
    ]);
  });

  it('needs no bcrypt once a proof has moved, when the old pepper is gone', async () => {
    const [used, unused] = keys;
    await installation.database.query(`UPDATE api_key_secrets SET hash = NULL WHERE key_prefix = '${used.key_prefix}'`);
    expect(await usage(second)).toMatchObject([
      { state: 'current', secrets: 1, without_hash: 1 },
      { state: 'unknown', secrets: 2, without_hash: 0 },
    ]);
    expect(await use(second, [used, unused])).toEqual([200, 200]);
    expect(await versions()).toMatchObject({ [used.key_prefix]: 'v2', [unused.key_prefix]: 'v2' });
  });
});
