import { type ApiKey, type Member, OPERATOR, ScopeGrant } from '@feather-identity/core';
import { anId, aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES } from '../../../testing/test-location.js';
import { readLostPeppers, readPepperUsage } from './secret-usage.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const MAC = 'm'.repeat(43);
const under = (pepperId: string) => `hmac-sha256:${pepperId}:${MAC}`;
/** No proofs, though they look like some. */
const DAMAGED = [
  '',
  ':',
  'hmac-sha256:',
  `hmac-sha256::${MAC}`,
  `hmac-sha256:${MAC}`,
  `HMAC-SHA256:v1.a:${MAC}`,
  under('v1.aaaaaaaa').slice(0, -1),
  MAC,
];

describe.each(DATABASES)('the use of peppers on %s', (type) => {
  let database: TestDatabase;
  let owner: Member;

  beforeAll(async () => (database = await openTestDatabase(type)));
  afterAll(() => database.close());

  beforeEach(async () => {
    await database.empty();
    const created = aNewOrganization();
    await database.organizations.insert(created);
    owner = created.owner;
    await database.dataSource.query('DELETE FROM api_key_secrets');
  });

  /** Stores a key whose secret has these verifiers. */
  async function store(proof: string | null, hash: string | null, key: Partial<ApiKey> = {}, validUntil?: Date) {
    await database.apiKeys.insert(aNewApiKey(owner, key, { proof, hash, validUntil: validUntil ?? null }));
  }

  const usage = async () =>
    (await readPepperUsage(database.location, NOW)).sort((a, b) => ((a.pepperId ?? '') < (b.pepperId ?? '') ? -1 : 1));

  it('is counted for each pepper, with the secrets that would be lost with it', async () => {
    await store(under('v1.aaaaaaaa'), '$2b$');
    await store(under('v1.aaaaaaaa'), null);
    await store(under('v2.bbbbbbbb'), null);
    await store(null, '$2b$');
    expect(await usage()).toEqual([
      { pepperId: null, secrets: 1, withoutHash: 0 },
      { pepperId: 'v1.aaaaaaaa', secrets: 2, withoutHash: 1 },
      { pepperId: 'v2.bbbbbbbb', secrets: 1, withoutHash: 1 },
    ]);
  });

  it('is none for a proof that cannot be read', async () => {
    for (const proof of DAMAGED) await store(proof, null);
    expect(await usage()).toEqual([{ pepperId: null, secrets: DAMAGED.length, withoutHash: DAMAGED.length }]);
  });

  it('leaves out what is revoked or has expired', async () => {
    const later = new Date(NOW.getTime() + 1);
    await store(under('v1.revoked0'), null, { revokedAt: NOW });
    await store(under('v1.expired0'), null, { expiresAt: NOW });
    await store(under('v1.rotated0'), null, {}, NOW);
    await store(under('v1.aaaaaaaa'), null, { expiresAt: later }, later);
    expect(await usage()).toEqual([{ pepperId: 'v1.aaaaaaaa', secrets: 1, withoutHash: 1 }]);
  });

  it('counts operator keys that are in use, and those that would be lost', async () => {
    await store(under('v1.aaaaaaaa'), '$2b$');
    const stored = { createdAt: NOW, lastUsedAt: null, grant: ScopeGrant.unrestricted(), name: 'billing' };
    for (const [pepperId, expiresAt, revokedAt] of [
      ['v1.aaaaaaaa', null, null],
      ['v2.bbbbbbbb', null, null],
      ['v3.expired0', NOW, null],
      ['v3.revoked0', null, NOW],
    ] as const) {
      const operatorKey = { ...stored, id: anId(), keyPrefix: anId(), expiresAt, revokedAt };
      const about = { actor: OPERATOR, apiKeyId: operatorKey.id, keyPrefix: operatorKey.keyPrefix, changes: {} };
      const event = { id: anId(), type: 'operator_key.created', occurredAt: NOW, ...about } as const;
      await database.operatorKeys.insert({ operatorKey, hash: null, proof: under(pepperId), event });
    }
    expect(await usage()).toEqual([
      { pepperId: 'v1.aaaaaaaa', secrets: 2, withoutHash: 1 },
      { pepperId: 'v2.bbbbbbbb', secrets: 1, withoutHash: 1 },
    ]);
    const lost = await readLostPeppers(database.dataSource, ['v1.aaaaaaaa'], NOW);
    expect(lost).toEqual([{ pepperId: 'v2.bbbbbbbb', secrets: 1, withoutHash: 1 }]);
  });

  it('is lost where nothing but an unknown pepper would verify', async () => {
    await store(under('v1.aaaaaaaa'), '$2b$');
    await store(under('v1.aaaaaaaa'), null);
    await store(under('v2.bbbbbbbb'), null);
    await store(under('v3.cccccccc'), null);
    await store('damaged', null);
    await store('damaged', '$2b$');
    const lost = await readLostPeppers(database.dataSource, ['v2.bbbbbbbb', 'v3.cccccccc'], NOW);
    expect(new Set(lost)).toEqual(
      new Set([
        { pepperId: 'v1.aaaaaaaa', secrets: 1, withoutHash: 1 },
        { pepperId: null, secrets: 1, withoutHash: 1 },
      ]),
    );
  });
});
