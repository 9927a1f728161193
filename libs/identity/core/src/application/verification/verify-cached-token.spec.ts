import { beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../domain/actor.js';
import { CountingApiKeyRepository, CountingSecretHasher } from '../../testing/counting.js';
import { InMemoryStore } from '../../testing/fakes/in-memory-store.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { ORIGIN } from '../../testing/tenant.js';
import { grantorOf } from '../keys/grantor.js';
import type { OrganizationDraft } from '../organizations/organization-factory.js';

const REFUSAL = { code: 'authentication.required', message: 'No valid API key was provided.' };

describe('a token that was proven before', () => {
  let hasher: CountingSecretHasher;
  let apiKeys: CountingApiKeyRepository;
  let identity: InMemoryIdentity;
  let created: OrganizationDraft;
  let token: string;

  beforeEach(async () => {
    hasher = new CountingSecretHasher();
    apiKeys = new CountingApiKeyRepository(new InMemoryStore());
    identity = new InMemoryIdentity({ apiKeys, hasher });
    created = await identity.createOrganization.execute('Acme');
    token = created.token.reveal();
    await identity.verifyApiKey.execute(token);
    hasher.verifications = 0;
    apiKeys.lookUps = 0;
  });

  const recall = () => identity.verifyApiKey.verifyCached(token);

  it('is accepted by one look at its row, without a hash', async () => {
    const { organization, owner, apiKey } = created;
    expect(await recall()).toEqual({ organization, member: owner, apiKey });
    expect([apiKeys.lookUps, hasher.verifications]).toEqual([1, 0]);
    expect(identity.metrics).toMatchObject({ accepted: 2, fromCache: 1 });
  });

  it('is refused from the moment its key is revoked (RV1)', async () => {
    const { organization, apiKey } = created;
    await identity.revokeApiKey.execute(organization.id, apiKey.id, OPERATOR);
    await expect(recall()).rejects.toMatchObject(REFUSAL);
    expect(identity.metrics.refused.state).toBe(1);
  });

  it('is refused while its organization is disabled, and accepted again after that (RV8)', async () => {
    const { organization } = created;
    identity.store.organizations.set(organization.id, { ...organization, disabledAt: identity.clock.now() });
    await expect(recall()).rejects.toMatchObject(REFUSAL);
    identity.store.organizations.set(organization.id, organization);
    expect(await recall()).toMatchObject({ organization });
  });

  it('is refused when its row is gone', async () => {
    identity.store.secrets.delete(created.secret.id);
    await expect(recall()).rejects.toMatchObject(REFUSAL);
  });

  it('is proven anew when its verifiers were exchanged', async () => {
    const other = await hasher.hash(identity.format.compose('aB3xY9zQ', 'A'.repeat(32)));
    identity.store.secrets.set(created.secret.id, { ...created.secret, ...other });
    await expect(recall()).rejects.toMatchObject(REFUSAL);
    expect(hasher.verifications).toBe(1);
  });

  it('is not known by another spelling, nor by its public part', async () => {
    for (const text of [`${token} `, token.toLowerCase(), token.slice(0, 17), '']) {
      expect(identity.verifyApiKey.verifyCached(text)).toBeUndefined();
    }
    const forged = identity.format.compose(token.slice(9, 17), 'A'.repeat(32)).reveal();
    expect(identity.verifyApiKey.verifyCached(forged)).toBeUndefined();
    expect(apiKeys.lookUps).toBe(0);
  });

  it('gives each caller an expiry of its own: who changes it moves nothing', async () => {
    const grantor = grantorOf(await identity.verifyApiKey.execute(token), ORIGIN);
    const expiresAt = new Date(identity.clock.now().getTime() + 1000);
    const issued = await identity.issueApiKey.execute(grantor, { name: 'CI', expiresAt });
    const caller = await identity.verifyApiKey.execute(issued.token.reveal());
    caller.apiKey.expiresAt?.setTime(Date.parse('2999-01-01'));
    identity.clock.advance(1000);
    token = issued.token.reveal();
    await expect(recall()).rejects.toMatchObject(REFUSAL);
  });
});

it('a token that was refused is not remembered, unless its secret was proven', async () => {
  const identity = new InMemoryIdentity();
  const created = await identity.createOrganization.execute('Acme');
  const forged = identity.format.compose(created.token.keyPrefix.slice(-8), 'A'.repeat(32)).reveal();
  await expect(identity.verifyApiKey.execute(forged)).rejects.toMatchObject(REFUSAL);
  expect(identity.verifyApiKey.verifyCached(forged)).toBeUndefined();
});

it('refusals are counted by the check that refused', async () => {
  const identity = new InMemoryIdentity();
  const created = await identity.createOrganization.execute('Acme');
  const forged = (publicPart: string) => identity.format.compose(publicPart, 'A'.repeat(32)).reveal();
  for (const text of ['', 'junk', forged('00000000'), forged(created.token.keyPrefix.slice(-8))]) {
    await expect(identity.verifyApiKey.execute(text)).rejects.toMatchObject(REFUSAL);
  }
  expect(identity.metrics.refused).toEqual({ missing: 1, spelling: 1, unknown: 1, secret: 1, state: 0 });
});
