import { beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../domain/actor.js';
import { type ImportedApiKey, prefixLookup } from '../../domain/imported-api-key.js';
import { RandomSource } from '../../domain/random-source.js';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { anId, anImportedApiKey } from '../../testing/builders.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { Tenant } from '../../testing/tenant.js';

const BCRYPT = `$2b$10$${'a'.repeat(53)}`;
const DIGEST = 'A'.repeat(43);

let tenant: Tenant;
let identity: InMemoryIdentity;
let organizationId: string;

beforeEach(async () => {
  tenant = await Tenant.create();
  ({ identity } = tenant);
  organizationId = tenant.organization.id;
});

const aKey = (plainText: string, fields: Partial<ImportedApiKey> = {}) =>
  anImportedApiKey(organizationId, plainText, fields);

const importKeys = (rows: readonly ImportedApiKey[], dryRun = false) =>
  identity.importApiKeys.execute(rows, { dryRun });

async function stored(row: ImportedApiKey) {
  const keyPrefix = await identity.apiKeys.findImported([row.lookup]);
  return keyPrefix === null ? null : identity.apiKeys.findCredential(keyPrefix);
}

describe('a key of another system', () => {
  it("becomes a key of its organization's owner with its scopes, instants and hash, and without a proof", async () => {
    const createdAt = new Date('2020-02-03T04:05:06.007Z');
    const expiresAt = new Date('2040-01-01T00:00:00.000Z');
    const row = aKey('sk_live_1', {
      name: 'Billing',
      keyPrefix: 'sk_live_',
      scopes: ['orders:read'],
      createdAt,
      expiresAt,
    });
    await expect(importKeys([row])).resolves.toEqual(['imported']);
    const { apiKey, secret, member } = (await stored(row))!;
    expect(member).toEqual(tenant.member);
    const kept = { name: 'Billing', keyPrefix: 'sk_live_', createdAt, expiresAt, revokedAt: null, lastUsedAt: null };
    expect(apiKey).toMatchObject({ organizationId, ...kept });
    expect(apiKey.grant).toEqual(ScopeGrant.of(['orders:read']));
    expect(secret).toMatchObject({ keyPrefix: 'sk_live_', hash: row.hash, proof: null, validUntil: null });
  });

  it('is new here from the import on, however old it is: a policy counts the days without use from then', async () => {
    const row = aKey('sk_live_1', { createdAt: new Date(0) });
    await importKeys([row]);
    expect((await stored(row))?.secret.createdAt).toEqual(identity.clock.now());
    await expect(identity.apiKeys.findUnused(organizationId, identity.clock.now(), 9)).resolves.toEqual([]);
  });

  it('is unrestricted, made now and shown by a generated prefix where nothing else is said', async () => {
    const row = aKey('sk_live_1');
    await importKeys([row]);
    const { apiKey } = (await stored(row))!;
    expect(apiKey.keyPrefix).toMatch(/^imported_[0-9A-Za-z]{8}$/);
    expect([apiKey.grant, apiKey.createdAt, apiKey.expiresAt]).toEqual([
      ScopeGrant.unrestricted(),
      identity.clock.now(),
      null,
    ]);
  });

  it('is recorded as imported by the operator, without its hash', async () => {
    const row = aKey('sk_live_1', { keyPrefix: 'sk_live_', scopes: ['orders:read'] });
    await importKeys([row]);
    const [event] = await tenant.events('api_key.imported');
    const changes = { name: 'Imported', scopes: ['orders:read'], expires_at: null, key_prefix: 'sk_live_' };
    expect(event).toMatchObject({ actor: OPERATOR, apiKeyId: (await stored(row))?.apiKey.id, changes });
    expect(JSON.stringify(event)).not.toContain(row.hash);
  });
});

describe('an import', () => {
  it('tells one outcome a row, in order, also where rows are one and the same object', async () => {
    const [first, second] = [aKey('sk_live_1'), aKey('sk_live_2')];
    await importKeys([second]);
    await importKeys([aKey('sk_live_3', { keyPrefix: 'sk_live_' })]);
    const taken = aKey('sk_live_4', { keyPrefix: 'sk_live_' });
    const stranger = anImportedApiKey(anId(), 'sk_live_5');
    await expect(importKeys([stranger, first, second, first, taken])).resolves.toEqual([
      'organization_not_found',
      'imported',
      'already_imported',
      'already_imported',
      'prefix_taken',
    ]);
  });

  it('that is repeated stores nothing again', async () => {
    const rows = ['sk_live_1', 'sk_live_2'].map((plainText) => aKey(plainText));
    await importKeys(rows);
    const events = await tenant.countEvents();
    await expect(importKeys(rows)).resolves.toEqual(['already_imported', 'already_imported']);
    expect([identity.store.apiKeys.size, await tenant.countEvents()]).toEqual([3, events]);
  });

  it('that is only tried tells the same and stores nothing', async () => {
    await expect(importKeys([aKey('sk_live_1')], true)).resolves.toEqual(['imported']);
    expect([identity.store.apiKeys.size, await tenant.countEvents()]).toEqual([1, 1]);
  });

  it('of no rows, and of unknown organizations alone, does nothing', async () => {
    await expect(importKeys([])).resolves.toEqual([]);
    await expect(importKeys([anImportedApiKey(anId(), 'sk_live_1')])).resolves.toEqual(['organization_not_found']);
  });

  it('draws a generated prefix again that is taken', async () => {
    class Repeating extends RandomSource {
      #draws = 0;

      override bytes(size: number): Uint8Array {
        this.#draws += 1;
        return new Uint8Array(size).fill(this.#draws);
      }
    }
    const { store, ids } = identity;
    const unlucky = new InMemoryIdentity({ store, ids, random: new Repeating() });
    const rows = [aKey('sk_live_1'), aKey('sk_live_2')];
    const outcomes = await unlucky.importApiKeys.execute(rows, { dryRun: false });
    expect(outcomes).toEqual(['imported', 'imported']);
    expect(identity.store.apiKeys.size).toBe(3);
  });
});

describe('a key that cannot be imported', () => {
  const salted = { hash: BCRYPT, lookup: prefixLookup('sk_live_1') };
  const REFUSED: Readonly<Record<string, [Partial<ImportedApiKey>, string]>> = {
    'without a name': [{ name: '' }, 'api_key.name_invalid'],
    'with a scope that is none': [{ scopes: ['orders'] }, 'api_key.scope_invalid'],
    'with a hash of no known spelling': [{ hash: DIGEST, lookup: DIGEST }, 'api_key.import_invalid'],
    'found by another hash than its own': [{ lookup: `sha256:${DIGEST}` }, 'api_key.import_invalid'],
    'without a salt and found by its beginning': [{ lookup: salted.lookup }, 'api_key.import_invalid'],
    'with a salt and found by its hash': [{ hash: BCRYPT, lookup: BCRYPT }, 'api_key.import_invalid'],
    'found by too short a beginning': [{ ...salted, lookup: 'prefix:sk_li' }, 'api_key.import_invalid'],
    'found by too long a beginning': [{ ...salted, lookup: `prefix:${'s'.repeat(65)}` }, 'api_key.import_invalid'],
    'with a prefix of a token of ours': [{ keyPrefix: 'fth_test_aB3xY9zQ' }, 'api_key.import_invalid'],
    'shown by the whole key': [{ keyPrefix: 'sk_live_1' }, 'api_key.import_invalid'],
    'with an empty prefix': [{ keyPrefix: '' }, 'api_key.import_invalid'],
    'with a prefix that has a line end': [{ keyPrefix: 'sk_live_\n' }, 'api_key.import_invalid'],
    'with an end that is no date': [{ expiresAt: new Date(NaN) }, 'api_key.import_invalid'],
  };

  it.each(Object.entries(REFUSED))(
    '%s is refused before anything is stored, and not repeated',
    async (_, [fields, code]) => {
      const row = aKey('sk_live_1', fields);
      const error: unknown = await importKeys([aKey('sk_live_2'), row]).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'IdentityError', code });
      expect(() => {
        identity.importApiKeys.check(row);
      }).toThrow(expect.objectContaining({ code }));
      expect(String(error)).not.toContain(row.hash);
      expect(identity.store.apiKeys.size).toBe(1);
    },
  );

  it.each(['short', 'with a space', 'é'.repeat(8), 'x'.repeat(65)])(
    'is found by no such beginning: %j',
    (beginning) => {
      expect(() => prefixLookup(beginning)).toThrow(expect.objectContaining({ code: 'api_key.import_invalid' }));
    },
  );
});
