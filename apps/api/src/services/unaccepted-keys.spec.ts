import { describe, expect, it } from '@jest/globals';
import { prefixLookup } from '@feather-identity/core';
import { DATABASES, emptyDatabase } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import { MemoryLog } from '../../testing/memory-log.js';
import { openIdentity } from './identity.js';
import { reportUnacceptedKeys } from './unaccepted-keys.js';

const digest = (letter: string) => letter.repeat(43);
const UNSALTED = [`sha256:${digest('A')}`, `hmac-sha256:old:${digest('B')}`, `hmac-sha256:older:${digest('C')}`];
/** As long as `acme_live_0xJRk2iDV5kD`, which is all that comes before the secret of a nestarc key. */
const LONG = 'bcrypt_key_of_22_chars';
const BEGINNINGS = ['sk_live_', 'sk_test_', 'sk_live_1234', 'a:b:c:d:'];

const bcryptOf = (beginning: string) =>
  `$2b$10$${beginning.replaceAll(/\W/g, '').padEnd(53, 'a').replaceAll('_', '.')}`;

describe.each(DATABASES)('a start on %s', (type) => {
  /** What a start with these settings logs, of one live imported key found in each way, and a revoked and an ended one. */
  async function logOf(variables: Record<string, string>, more: readonly { hash: string; beginning: string }[] = []) {
    const env = environment({ DATABASE_URL: await emptyDatabase(type, process.env), ...variables });
    const identity = await openIdentity(env, { migrates: true });
    const { dataSource, createOrganization, importApiKeys } = identity;
    const { organization } = await createOrganization.execute('Acme');
    const none = { keyPrefix: null, scopes: null, createdAt: null, expiresAt: null };
    const row = (hash: string, lookup: string) => ({
      organizationId: organization.id,
      name: lookup,
      hash,
      lookup,
      ...none,
    });
    const salted = (beginning: string) => row(bcryptOf(beginning), prefixLookup(beginning));
    const ended = { ...salted('ended_key_1'), expiresAt: new Date(1) };
    await importApiKeys.execute(
      [
        ...UNSALTED.map((hash) => row(hash, hash)),
        ...BEGINNINGS.map(salted),
        salted('revoked_1'),
        ...more.map(({ hash, beginning }) => row(hash, prefixLookup(beginning))),
        ended,
      ],
      { dryRun: false },
    );
    await dataSource.query("UPDATE api_key_secrets SET proof = 'ours' WHERE lookup LIKE '%PROVEN'");
    await dataSource.query("UPDATE api_keys SET revoked_at = created_at WHERE name = 'prefix:revoked_1'");
    const log = new MemoryLog();
    await reportUnacceptedKeys(env, identity, log.logger);
    await dataSource.destroy();
    return log.lines;
  }

  it('says in one line how many imported keys the settings do not find, and what they are found by', async () => {
    const settings = { IMPORTED_KEYS: 'prefix:8,hmac-sha256', IMPORTED_KEY_PEPPERS: 'old:b2xk' };
    const found_by = ['hmac-sha256:older', 'prefix:12', 'sha256'];
    expect(await logOf(settings)).toEqual([expect.objectContaining({ level: 50, secrets: 3, found_by })]);
  });

  it('says so of all of them where none are accepted', async () => {
    expect(await logOf({})).toEqual([expect.objectContaining({ level: 50, secrets: 7 })]);
  });

  it('says so of keys of nestarc whose pepper is missing, until they have a proof of ours', async () => {
    const nestarc = [
      { hash: `nestarc:old:${digest('D')}`, beginning: 'acme_live_0xJRk2iDV5kD' },
      { hash: `nestarc:lost:${digest('E')}`, beginning: 'acme_live_0xJRk2iDV5kE' },
      { hash: `nestarc:lost:${digest('F')}`, beginning: 'acme_live_0xJRk2PROVEN' },
      { hash: bcryptOf(LONG), beginning: LONG },
    ];
    const IMPORTED_KEYS = 'sha256,prefix:8,prefix:12,hmac-sha256,nestarc';
    const settings = { IMPORTED_KEYS, IMPORTED_KEY_PEPPERS: 'old:b2xk,older:b2xk' };
    const found_by = ['nestarc:lost', 'prefix:22'];
    expect(await logOf(settings, nestarc)).toEqual([expect.objectContaining({ secrets: 2, found_by })]);
  });

  it('says nothing where all are found', async () => {
    const IMPORTED_KEYS = 'sha256,prefix:8,prefix:12,hmac-sha256';
    expect(await logOf({ IMPORTED_KEYS, IMPORTED_KEY_PEPPERS: 'old:b2xk,older:b2xk' })).toEqual([]);
  });
});
