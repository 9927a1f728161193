import { beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganization, type CreatedOrganization, printedJson } from '../support/command-line.js';
import { DATABASES } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { Installation } from '../support/installation.js';
import { expectRefusal } from '../support/refusal.js';
import type { Service } from '../support/service.js';
import { ACCEPTED, LEGACY_KEYS } from './legacy-keys.js';

const CREATED = '2026-01-31T12:00:00Z';
const END = '2076-01-31T12:00:00Z';

describe.each(DATABASES)('keys of another system, imported on %s', (database) => {
  let installation: Installation;
  let acme: CreatedOrganization;
  let service: Service;

  /** The stored proof of the key of this name. */
  const proofOf = async (name: string): Promise<unknown> => {
    const [row] = await installation.database.query(
      `SELECT s.proof FROM api_key_secrets s JOIN api_keys k ON k.id = s.api_key_id WHERE k.name = '${name}'`,
    );
    return row?.['proof'];
  };

  beforeAll(async () => {
    installation = await (await Installation.create(database)).prepare();
    acme = await createOrganization(installation, 'Acme');
    const lines = Object.entries(LEGACY_KEYS).map(([name, { row }]) =>
      JSON.stringify({ name, ...row, scopes: ['orders:read'], created_at: CREATED, expires_at: END }),
    );
    const file = await installation.write('keys.jsonl', `${lines.join('\n')}\n`);
    const command = ['import', file, '--organization', acme.organization_id, '--json'];
    expect(printedJson(await installation.run(command, ACCEPTED))).toMatchObject({ rows: 6, imported: 6, refused: 0 });
    service = await installation.start({ ...ACCEPTED, LAST_USED_FLUSH_SECONDS: '1' });
  });

  it.each(Object.entries(LEGACY_KEYS))(
    'work unchanged, and get a proof of ours by their first use: %s',
    async (name, { key }) => {
      expect(await proofOf(name)).toBeNull();
      expect(await service.whoami(key)).toMatchObject({
        status: 200,
        body: {
          organization_name: 'Acme',
          api_key: { name, scopes: ['orders:read'], expires_at: END },
        },
      });
      await eventually(async () => String(await proofOf(name)).startsWith('hmac-sha256:v1.'));
      expect(await service.whoami(key)).toMatchObject({ status: 200 });
    },
  );

  it.each(Object.entries(LEGACY_KEYS))(
    'are the keys alone, not what begins or ends like one: %s',
    async (_, { key }) => {
      for (const other of [`${key}x`, key.slice(0, -1), key.toUpperCase(), `${key.slice(0, -1)}_`]) {
        expectRefusal(await service.whoami(other));
      }
    },
  );

  it('are refused by a service that is not told to accept them', async () => {
    const strict = await installation.start();
    for (const { key } of Object.values(LEGACY_KEYS)) expectRefusal(await strict.whoami(key));
  });

  it('are revoked as any key is, and importing them again does not bring them back', async () => {
    const { key } = LEGACY_KEYS['sha256 in hex']!;
    const listed = await service.list(acme.plain_text_key);
    const { id, created_at } = listed.find(({ name }) => name === 'sha256 in hex')!;
    expect(created_at).toBe(CREATED);
    expect(await service.revoke(acme.plain_text_key, id)).toMatchObject({ status: 204 });
    expectRefusal(await service.whoami(key));
    const again = ['import', `${installation.folder}/keys.jsonl`, '--organization', acme.organization_id, '--json'];
    expect(printedJson(await installation.run(again, ACCEPTED))).toMatchObject({ imported: 0, already_imported: 6 });
    expectRefusal(await service.whoami(key));
  });

  it('work by their proofs after a restart, without their hashes', async () => {
    await service.stop();
    await installation.database.query("UPDATE api_key_secrets SET hash = NULL WHERE lookup LIKE 'prefix:%'");
    service = await installation.start(ACCEPTED);
    for (const { key, row } of Object.values(LEGACY_KEYS)) {
      if (row['prefix'] !== undefined) expect(await service.whoami(key)).toMatchObject({ status: 200 });
    }
  });
});
