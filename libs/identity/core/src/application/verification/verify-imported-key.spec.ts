import { beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../domain/actor.js';
import { anImportedApiKey } from '../../testing/builders.js';
import { CountingApiKeyRepository, CountingSecretHasher } from '../../testing/counting.js';
import { FakeImportedKeys } from '../../testing/fakes/fake-imported-keys.js';
import { FakeSecretHasher } from '../../testing/fakes/fake-secret-hasher.js';
import { InMemoryStore } from '../../testing/fakes/in-memory-store.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { Tenant } from '../../testing/tenant.js';

const REFUSAL = { code: 'authentication.required', message: 'No valid API key was provided.' };
const KEY = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';
const OTHER = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc';

let hasher: CountingSecretHasher;
let apiKeys: CountingApiKeyRepository;
let identity: InMemoryIdentity;
let tenant: Tenant;

beforeEach(async () => {
  hasher = new CountingSecretHasher();
  apiKeys = new CountingApiKeyRepository(new InMemoryStore());
  identity = new InMemoryIdentity({ apiKeys, hasher, importedKeys: new FakeImportedKeys() });
  tenant = await Tenant.create(identity);
  await importKeys(KEY);
});

async function importKeys(plainText: string, fields: Parameters<typeof anImportedApiKey>[2] = {}): Promise<void> {
  const row = anImportedApiKey(tenant.organization.id, plainText, fields);
  await expect(identity.importApiKeys.execute([row], { dryRun: false })).resolves.toEqual(['imported']);
}

/** Another process of the same installation, or with another pepper. */
const restarted = (pepper?: string) =>
  new InMemoryIdentity({
    apiKeys,
    hasher: pepper === undefined ? hasher : new FakeSecretHasher(pepper),
    importedKeys: new FakeImportedKeys(),
  });

const verify = (plainText: string) => identity.verifyApiKey.execute(plainText);
const imported = async () => (await verify(KEY)).apiKey;
const secretOf = (apiKeyId: string) => [...identity.store.secrets.values()].find((each) => each.apiKeyId === apiKeyId);

it('what could be an imported key is meant as one, a JWT is not', () => {
  const { verifyApiKey } = identity;
  const jwt = `eyJhbGciOiJIUzI1NiJ9.${'e'.repeat(40)}.${'s'.repeat(43)}`;
  const encrypted = `${jwt}.${'c'.repeat(22)}.${'t'.repeat(22)}`;
  expect([KEY, OTHER].map((text) => verifyApiKey.recognizes(text))).toEqual([true, true]);
  expect([jwt, encrypted, 'short', `${KEY}, ${KEY}`, ''].filter((text) => verifyApiKey.recognizes(text))).toEqual([]);
});

describe('an imported key', () => {
  it('is verified by its stored hash, found by one look-up of its texts and one of its row', async () => {
    const { organization, member, apiKey } = await verify(KEY);
    expect([organization.id, member.id]).toEqual([tenant.organization.id, tenant.member.id]);
    expect(apiKey.name).toBe('Imported');
    expect([apiKeys.importedLookUps, apiKeys.lookUps, hasher.verifications]).toEqual([1, 1, 1]);
  });

  it('has a proof of our own after its first use, which decides from then on', async () => {
    const { id } = await imported();
    await identity.writeBehind.flush();
    expect(secretOf(id)?.proof).toMatch(/^fake-proof:v1:/);
    identity.store.secrets.set(secretOf(id)!.id, { ...secretOf(id)!, hash: 'destroyed' });
    await expect(restarted().verifyApiKey.execute(KEY)).resolves.toMatchObject({ apiKey: { id } });
  });

  it('costs a process that has proven it one look at its row and no hash', async () => {
    await verify(KEY);
    const before = [apiKeys.importedLookUps, apiKeys.lookUps, hasher.verifications] as const;
    await expect(identity.verifyApiKey.verifyCached(KEY)).resolves.toMatchObject({ apiKey: { name: 'Imported' } });
    expect([apiKeys.importedLookUps, apiKeys.lookUps, hasher.verifications]).toEqual([
      before[0],
      before[1] + 1,
      before[2],
    ]);
    expect(identity.metrics.fromCache).toBe(1);
  });

  it('outlives the loss of our pepper by its hash, and gets a new proof', async () => {
    const { id } = await imported();
    await identity.writeBehind.flush();
    const other = restarted('v2');
    await expect(other.verifyApiKey.execute(KEY)).resolves.toMatchObject({ apiKey: { id } });
    await other.writeBehind.flush();
    expect(secretOf(id)?.proof).toMatch(/^fake-proof:v2:/);
  });

  it('is refused at once when it is revoked, remembered or not, and its proof is not renewed', async () => {
    const { id } = await imported();
    await identity.revokeApiKey.execute(tenant.organization.id, id, OPERATOR);
    await identity.writeBehind.flush();
    await expect(identity.verifyApiKey.verifyCached(KEY)).rejects.toMatchObject(REFUSAL);
    await expect(restarted().verifyApiKey.execute(KEY)).rejects.toMatchObject(REFUSAL);
    expect(secretOf(id)?.proof).toBeNull();
  });

  it('ends when it should', async () => {
    await importKeys(OTHER, { expiresAt: tenant.in(1000) });
    await verify(OTHER);
    identity.clock.advance(1000);
    await expect(identity.verifyApiKey.verifyCached(OTHER)).rejects.toMatchObject(REFUSAL);
    await expect(verify(OTHER)).rejects.toMatchObject(REFUSAL);
  });

  it('is rotated into a token of our own, and goes on for its grace period alone', async () => {
    const { id } = await imported();
    const { token } = await tenant.identity.rotateApiKey.execute(await tenant.grantor(), id, 60);
    expect(identity.format.parse(token.reveal())).not.toBeNull();
    for (const plainText of [KEY, token.reveal()]) {
      await expect(verify(plainText)).resolves.toMatchObject({ apiKey: { id } });
    }
    identity.clock.advance(60_000);
    await expect(verify(KEY)).rejects.toMatchObject(REFUSAL);
    await expect(verify(token.reveal())).resolves.toMatchObject({ apiKey: { id } });
  });

  it('is told of to its own organization alone', async () => {
    const other = await Tenant.create(identity);
    await expect(identity.verifyApiKey.prove(tenant.organization.id, KEY)).resolves.toMatchObject({ apiKey: {} });
    await expect(identity.verifyApiKey.prove(other.organization.id, KEY)).resolves.toBeNull();
    await expect(identity.verifyApiKey.prove(tenant.organization.id, OTHER)).resolves.toBeNull();
  });
});

describe('a text that opens nothing', () => {
  it('costs one look-up where it could be a key of another system, and no hash', async () => {
    await expect(verify(OTHER)).rejects.toMatchObject(REFUSAL);
    expect([apiKeys.importedLookUps, apiKeys.lookUps, hasher.verifications]).toEqual([1, 0, 0]);
    expect(identity.metrics.refused).toMatchObject({ unknown: 1, spelling: 0 });
  });

  it('costs one check where it only begins like one, and the same refusal', async () => {
    await importKeys(OTHER, { hash: `$2b$10$${'a'.repeat(53)}`, lookup: `prefix:${OTHER.slice(0, 8)}` });
    await expect(verify(`${OTHER}x`)).rejects.toMatchObject(REFUSAL);
    expect([apiKeys.importedLookUps, apiKeys.lookUps, hasher.verifications]).toEqual([1, 1, 1]);
    expect(identity.metrics.refused.secret).toBe(1);
  });

  it.each(['', ' ', '1234567', 'x'.repeat(513), 'sk_live_ 4eC39HqLyj', 'sk_live_é4eC39HqLyj', 'sk_live_4eC39HqLyj\n'])(
    'costs no look-up where it can be no key at all: %j',
    async (text) => {
      await expect(verify(text)).rejects.toMatchObject(REFUSAL);
      expect([apiKeys.importedLookUps, apiKeys.lookUps]).toEqual([0, 0]);
    },
  );

  it('is never looked for among imported keys where it is spelled like a token of ours, but for a typing error', async () => {
    const typo = tenant.owner.token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    await importKeys(typo);
    await expect(verify(typo)).rejects.toMatchObject(REFUSAL);
    await expect(verify(tenant.owner.token)).resolves.toMatchObject({ apiKey: { id: tenant.owner.apiKey.id } });
    expect(apiKeys.importedLookUps).toBe(0);
  });

  it('costs no look-up at all where no keys of other systems are accepted, stored as they may be', async () => {
    const closed = new InMemoryIdentity({ apiKeys, hasher });
    await expect(closed.verifyApiKey.execute(KEY)).rejects.toMatchObject(REFUSAL);
    expect(closed.verifyApiKey.verifyCached(KEY)).toBeUndefined();
    expect([apiKeys.importedLookUps, apiKeys.lookUps, hasher.verifications]).toEqual([0, 0, 0]);
  });
});
