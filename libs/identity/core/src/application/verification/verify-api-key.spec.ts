import { beforeEach, describe, expect, it } from '@jest/globals';
import { TokenFormat } from '../../domain/token-format.js';
import type { Token } from '../../domain/token.js';
import { CountingApiKeyRepository, CountingSecretHasher } from '../../testing/counting.js';
import { InMemoryStore } from '../../testing/fakes/in-memory-store.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { ORIGIN } from '../../testing/tenant.js';
import { grantorOf } from '../keys/grantor.js';
import type { OrganizationDraft } from '../organizations/organization-factory.js';

const REFUSAL = { code: 'authentication.required', message: 'No valid API key was provided.' };

/** What a header may hold when it holds no key (AU1). */
const JUNK = ['', ' ', 'null', 'undefined', 'fth_test_', 'Bearer x', '\0', '%', 'x'.repeat(10_000)];

let hasher: CountingSecretHasher;
let apiKeys: CountingApiKeyRepository;
let identity: InMemoryIdentity;
let created: OrganizationDraft;
let valid: string;

beforeEach(async () => {
  hasher = new CountingSecretHasher();
  apiKeys = new CountingApiKeyRepository(new InMemoryStore());
  identity = new InMemoryIdentity({ apiKeys, hasher });
  created = await identity.createOrganization.execute('Acme');
  valid = created.token.reveal();
});

it('a text is meant as a key if it begins with the namespace, in any environment', () => {
  const meant = [valid, valid.slice(0, -1), valid.replace('_test_', '_live_'), 'fth_', 'fth_operator_x'];
  const others = [
    '',
    'fth',
    'Fth_test_x',
    ' fth_test_x',
    'sk_live_4eC39HqLyjWDarjtT1zdp7dc',
    'eyJhbGciOiJIUzI1NiJ9.e30.s',
  ];
  expect([...meant, ...others].filter((text) => identity.verifyApiKey.recognizes(text))).toEqual(meant);
});

function forged(token: Token, secret = 'A'.repeat(32)): string {
  return identity.format.compose(token.keyPrefix.slice(-8), secret).reveal();
}

function disableOrganization(): void {
  const { organization } = created;
  identity.store.organizations.set(organization.id, { ...organization, disabledAt: identity.clock.now() });
}

function disableMember(): void {
  const { owner } = created;
  identity.store.members.set(owner.id, { ...owner, disabledAt: identity.clock.now() });
}

function endSecret(): void {
  identity.store.secrets.set(created.secret.id, { ...created.secret, validUntil: identity.clock.now() });
}

function changeKey(field: 'revokedAt' | 'disabledAt'): void {
  identity.store.apiKeys.set(created.apiKey.id, created.apiKey.with({ [field]: identity.clock.now() }));
}

async function issueUntil(expiresAt: Date): Promise<string> {
  const grantor = grantorOf({ ...created, member: created.owner }, ORIGIN);
  const { token } = await identity.issueApiKey.execute(grantor, { name: 'CI', expiresAt });
  return token.reveal();
}

describe('a valid token', () => {
  it('tells the organization, the member and the key, from one look-up and one verification', async () => {
    const { organization, owner, apiKey } = created;
    await expect(identity.verifyApiKey.execute(valid)).resolves.toEqual({ organization, member: owner, apiKey });
    expect([apiKeys.lookUps, hasher.verifications]).toEqual([1, 1]);
  });

  it('has its use recorded, without a write of its own', async () => {
    await identity.verifyApiKey.execute(valid);
    expect(identity.store.apiKeys.get(created.apiKey.id)?.lastUsedAt).toBeNull();
    await identity.writeBehind.flush();
    expect(identity.store.apiKeys.get(created.apiKey.id)?.lastUsedAt).toEqual(identity.clock.now());
  });
});

describe('every refusal (AU4)', () => {
  const CAUSES: Readonly<Record<string, () => string | Promise<string>>> = {
    'an unknown public part': () => identity.format.compose('00000000', 'A'.repeat(32)).reveal(),
    'a wrong secret': () => forged(created.token),
    'a wrong secret of a revoked key': () => (changeKey('revokedAt'), forged(created.token)),
    'a wrong secret in a disabled organization': () => (disableOrganization(), forged(created.token)),
    'a key of a disabled member': () => (disableMember(), valid),
    'a disabled key': () => (changeKey('disabledAt'), valid),
    'a wrong secret of a disabled key': () => (changeKey('disabledAt'), forged(created.token)),
    'a revoked key': () => (changeKey('revokedAt'), valid),
    'an expired key': async () => {
      const token = await issueUntil(new Date(identity.clock.now().getTime() + 1000));
      identity.clock.advance(1000);
      return token;
    },
    'a bad checksum': () => valid.slice(0, -1) + (valid.endsWith('0') ? '1' : '0'),
    'a foreign environment': () => new TokenFormat('fth', 'live').compose('aB3xY9zQ', created.token.secret).reveal(),
    'a disabled organization': () => (disableOrganization(), valid),
    'a secret past its grace period': () => (endSecret(), valid),
    'no token at all': () => '',
  };

  it.each(Object.entries(CAUSES))('reads the same for %s, and records no use', async (_, cause) => {
    const token = await cause();
    await expect(identity.verifyApiKey.execute(token)).rejects.toMatchObject(REFUSAL);
    await expect(identity.verifyApiKey.execute(token)).rejects.not.toHaveProperty('cause');
    await identity.writeBehind.flush();
    expect([...identity.store.apiKeys.values()].map((each) => each.lastUsedAt)).not.toContainEqual(expect.any(Date));
  });
});

describe('work for a caller without a key', () => {
  it.each(JUNK)('%j costs no look-up and no hash (AU1)', async (junk) => {
    await expect(identity.verifyApiKey.execute(junk)).rejects.toMatchObject(REFUSAL);
    expect([apiKeys.lookUps, hasher.verifications]).toEqual([0, 0]);
  });

  it('any change of one character costs no look-up and no hash (KH3)', async () => {
    for (let i = 0; i < valid.length; i += 1) {
      const changed = valid.slice(0, i) + (valid.charAt(i) === 'x' ? 'y' : 'x') + valid.slice(i + 1);
      await expect(identity.verifyApiKey.execute(changed)).rejects.toMatchObject(REFUSAL);
    }
    expect([apiKeys.lookUps, hasher.verifications]).toEqual([0, 0]);
  });

  it('an unknown public part costs one look-up and no hash', async () => {
    const unknown = identity.format.compose('00000000', 'A'.repeat(32)).reveal();
    await expect(identity.verifyApiKey.execute(unknown)).rejects.toMatchObject(REFUSAL);
    expect([apiKeys.lookUps, hasher.verifications]).toEqual([1, 0]);
  });
});

describe('expiry (AU6)', () => {
  it('accepts a key until one millisecond before it and refuses it from then on', async () => {
    const expiresAt = new Date(identity.clock.now().getTime() + 60_000);
    const token = await issueUntil(expiresAt);
    for (const [offset, accepted] of [
      [-1, true],
      [0, false],
      [1, false],
      [1e12, false],
    ] as const) {
      identity.clock.set(new Date(expiresAt.getTime() + offset));
      const outcome = identity.verifyApiKey.execute(token);
      if (accepted) await expect(outcome).resolves.toMatchObject({ apiKey: { name: 'CI' } });
      else await expect(outcome).rejects.toMatchObject(REFUSAL);
    }
  });
});

describe('a store that fails', () => {
  it('gives no verdict: its error goes on', async () => {
    apiKeys.findCredential = () => Promise.reject(new Error('storage is down'));
    await expect(identity.verifyApiKey.execute(valid)).rejects.toThrow('storage is down');
  });
});
