import { beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../domain/actor.js';
import { anImportedApiKey } from '../../testing/builders.js';
import { FakeImportedKeys } from '../../testing/fakes/fake-imported-keys.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { type HeldApiKey, Tenant } from '../../testing/tenant.js';

const LEGACY = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';

let identity: InMemoryIdentity;
let tenant: Tenant;
let leaked: HeldApiKey;
/** Every token of the leaked key, oldest first. The second secret is removed by the third rotation. */
let tokens: string[];
/** When it was rotated. */
let rotations: Date[];

beforeEach(async () => {
  identity = new InMemoryIdentity({ importedKeys: new FakeImportedKeys() });
  await Tenant.create(identity);
  tenant = await Tenant.create(identity);
  leaked = await tenant.issue({ name: 'leaked' });
  tokens = [leaked.token];
  rotations = [];
  for (const graceSeconds of [0, 0, 60]) {
    identity.clock.advance(1000);
    rotations.push(identity.clock.now());
    const rotated = await identity.rotateApiKey.execute(await tenant.grantor(), leaked.apiKey.id, graceSeconds);
    tokens.push(rotated.token.reveal());
  }
});

const prefixOf = (token: string) => token.slice(0, -38);
const trace = identityMethod('byPrefix');
const traceToken = identityMethod('byToken');

function identityMethod(method: 'byPrefix' | 'byToken') {
  return (text: string) => identity.traceApiKey[method](text);
}

describe('a leaked key', () => {
  it('is found by the public part of each of its tokens, with when a rotation replaced it', async () => {
    const found = await Promise.all(tokens.map((token) => trace(prefixOf(token))));
    const { apiKey } = await identity.findApiKey.execute(tenant.organization.id, leaked.apiKey.id);
    const { organization, member } = tenant;
    const createdBy = (await tenant.grantor()).actor;
    for (const [index, each] of found.entries()) {
      const keyPrefix = prefixOf(tokens[index]!);
      const replacedAt = rotations[index] ?? null;
      const known = { organization, member, apiKey, keyPrefix, createdBy, replacedAt, isWhole: null };
      expect(each).toEqual([{ ...known, secret: index === 1 ? null : expect.objectContaining({ keyPrefix }) }]);
    }
    const ends = found.flat().map(({ secret }) => secret && secret.validUntil);
    expect(ends).toEqual([new Date(0), null, tenant.in(60_000), null]);
  });

  it('is found by each of its tokens, with whether the whole secret is its', async () => {
    for (const [index, token] of tokens.entries()) {
      // Of a secret that was removed nothing is left to verify it by.
      expect(await traceToken(token)).toMatchObject([
        { apiKey: { id: leaked.apiKey.id }, isWhole: index !== 1 || null },
      ]);
    }
    const [first = '', second = ''] = tokens;
    const secretOfAnother = identity.format.compose(prefixOf(first).slice(-8), 'x'.repeat(32)).reveal();
    expect(await traceToken(secretOfAnother)).toMatchObject([{ keyPrefix: prefixOf(first), isWhole: false }]);
    for (const damaged of [`${first.slice(0, -1)}!`, first.slice(0, -1), first.slice(0, 20), `${first} `]) {
      expect(await traceToken(damaged)).toMatchObject([{ keyPrefix: prefixOf(first), isWhole: false }]);
    }
    expect(await traceToken(prefixOf(second))).toMatchObject([{ keyPrefix: prefixOf(second), isWhole: null }]);
  });

  it('is found when it is revoked, expired or disabled, and being looked for is no use of it', async () => {
    const owner = await tenant.grantor();
    const expired = await tenant.issue({ expiresAt: tenant.in(1) });
    await identity.updateApiKey.execute(owner, leaked.apiKey.id, { isActive: false });
    await identity.revokeApiKey.execute(tenant.organization.id, leaked.apiKey.id, OPERATOR);
    identity.clock.advance(2);
    for (const token of [...tokens, expired.token]) {
      expect(await trace(prefixOf(token))).toHaveLength(1);
      expect(await traceToken(token)).toHaveLength(1);
    }
    await identity.writeBehind.flush();
    expect((await tenant.stored(leaked.apiKey)).lastUsedAt).toBeNull();
  });

  it('is none for what no key has or had', async () => {
    const unknown = identity.format.compose('unknown1', 'x'.repeat(32)).reveal();
    for (const text of [unknown, prefixOf(unknown), 'nonsense', '', ' ', '\0', 'x'.repeat(5000), LEGACY]) {
      expect(await trace(text)).toEqual([]);
      expect(await traceToken(text)).toEqual([]);
    }
    // Whole tokens are no public parts.
    expect(await trace(leaked.token)).toEqual([]);
  });

  it('is an imported one by its text, what it is found by, and the public part that it is shown with', async () => {
    const { id } = tenant.organization;
    const salted = { hash: '$2b$10$salted', lookup: `prefix:${LEGACY.slice(0, 8)}`, keyPrefix: 'shown' };
    const [byDigest, bySalted] = [anImportedApiKey(id, `another-${LEGACY}`), anImportedApiKey(id, LEGACY, salted)];
    await identity.importApiKeys.execute([byDigest, bySalted], { dryRun: false });
    const createdBy = OPERATOR;
    expect(await traceToken(`another-${LEGACY}`)).toMatchObject([{ isWhole: true, createdBy, replacedAt: null }]);
    expect(await traceToken(LEGACY)).toMatchObject([{ keyPrefix: 'shown', isWhole: false, createdBy }]);
    expect(await trace('shown')).toMatchObject([{ keyPrefix: 'shown', isWhole: null }]);
    expect(await trace(LEGACY.slice(0, 8))).toMatchObject([{ keyPrefix: 'shown', isWhole: null }]);
  });
});
