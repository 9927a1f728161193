import { beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../domain/actor.js';
import { FakeSecretHasher } from '../../testing/fakes/fake-secret-hasher.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import type { OrganizationDraft } from '../organizations/organization-factory.js';
import type { ApiKeyCredential } from '../ports/api-key-repository.js';

const REFUSAL = { code: 'authentication.required' };

let identity: InMemoryIdentity;
let created: OrganizationDraft;

beforeEach(async () => {
  identity = new InMemoryIdentity();
  created = await identity.createOrganization.execute('Acme');
});

async function verifyAfterRotation(plainText: string): Promise<void> {
  const rotated = new InMemoryIdentity({ apiKeys: identity.apiKeys, hasher: new FakeSecretHasher('v2') });
  try {
    await rotated.verifyApiKey.execute(plainText);
  } finally {
    await rotated.writeBehind.flush();
  }
}

/** Lets the next look-up see `stale`, as if others wrote right after it. */
function readOnce(stale: ApiKeyCredential | null): void {
  const { apiKeys } = identity;
  const read = apiKeys.findCredential.bind(apiKeys);
  apiKeys.findCredential = () => {
    apiKeys.findCredential = read;
    return Promise.resolve(stale);
  };
}

async function revoke(): Promise<void> {
  const { organization, apiKey } = created;
  await identity.revokeApiKey.execute(organization.id, apiKey.id, OPERATOR);
}

const storedProof = () => identity.store.secrets.get(created.secret.id)?.proof;

const STATES: Readonly<Record<string, () => unknown>> = {
  'the key is revoked': () => revoke(),
  'the organization is disabled': () => {
    const { organization } = created;
    identity.store.organizations.set(organization.id, { ...organization, disabledAt: identity.clock.now() });
  },
  "the secret's grace period is over": () => {
    identity.store.secrets.set(created.secret.id, { ...created.secret, validUntil: identity.clock.now() });
  },
};

describe('a proof that is out of date', () => {
  it('is renewed by a successful verification', async () => {
    await verifyAfterRotation(created.token.reveal());
    expect(storedProof()).toMatch(/^fake-proof:v2:/);
  });

  it('is renewed by compare-and-set: one that another instance renewed meanwhile stays', async () => {
    const found = await identity.apiKeys.findCredential(created.token.keyPrefix);
    const { id: secretId, proof: expected } = created.secret;
    await identity.apiKeys.replaceProofs([{ secretId, expected, proof: 'renewed elsewhere' }]);
    readOnce(found);
    await verifyAfterRotation(created.token.reveal());
    expect(storedProof()).toBe('renewed elsewhere');
  });

  it('is not renewed when the key was revoked between the read and the write (RV9)', async () => {
    const found = await identity.apiKeys.findCredential(created.token.keyPrefix);
    await revoke();
    readOnce(found);
    await verifyAfterRotation(created.token.reveal());
    expect(storedProof()).toBe(created.secret.proof);
    expect(identity.store.apiKeys.get(created.apiKey.id)?.revokedAt).not.toBeNull();
  });

  it.each(Object.entries(STATES))('is not renewed when %s', async (_, change) => {
    await change();
    await expect(verifyAfterRotation(created.token.reveal())).rejects.toMatchObject(REFUSAL);
    expect(storedProof()).toBe(created.secret.proof);
  });

  it('is not renewed for a forged secret', async () => {
    const forged = identity.format.compose(created.token.keyPrefix.slice(-8), 'A'.repeat(32)).reveal();
    await expect(verifyAfterRotation(forged)).rejects.toMatchObject(REFUSAL);
    expect(storedProof()).toBe(created.secret.proof);
  });
});
