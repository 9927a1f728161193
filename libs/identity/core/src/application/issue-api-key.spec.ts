import { beforeEach, describe, expect, it } from '@jest/globals';
import { ScopeGrant } from '../domain/scope-grant.js';
import { aNewOrganization } from '../testing/builders.js';
import { InMemoryIdentity } from '../testing/in-memory-identity.js';
import type { Issuer } from './issue-api-key.js';

const TOMORROW = new Date('2026-01-03T00:00:00.000Z');
const NEXT_MONTH = new Date('2026-02-01T00:00:00.000Z');

let identity: InMemoryIdentity;
let issuer: Issuer;

beforeEach(async () => {
  identity = new InMemoryIdentity();
  issuer = await storedIssuer(identity);
});

async function storedIssuer({ organizations }: InMemoryIdentity): Promise<Issuer> {
  const created = aNewOrganization();
  await organizations.insert(created);
  return { member: created.owner, apiKey: created.apiKey };
}

function holding(grant: ScopeGrant, expiresAt: Date | null = null): Issuer {
  return { member: issuer.member, apiKey: { grant, expiresAt } };
}

describe('an issued key', () => {
  it("is one of the issuer's organization and member, whatever else is asked for", async () => {
    const request = { name: 'CI', organizationId: 'x', memberId: 'y', id: 'z' };
    const { apiKey, token } = await identity.issueApiKey.execute(issuer, request);
    const stored = await identity.apiKeys.findCredential(token.keyPrefix);
    expect(stored?.apiKey).toEqual(apiKey);
    expect(apiKey).toMatchObject({
      organizationId: issuer.member.organizationId,
      memberId: issuer.member.id,
      name: 'CI',
    });
    expect(apiKey).toMatchObject({
      createdAt: identity.clock.now(),
      revokedAt: null,
      lastUsedAt: null,
      expiresAt: null,
    });
  });

  it('is accepted at once, and its secret is stored nowhere', async () => {
    const { apiKey, token } = await identity.issueApiKey.execute(issuer, { name: 'CI' });
    await expect(identity.verifyApiKey.execute(token.reveal())).resolves.toMatchObject({ apiKey });
    const rows = JSON.stringify([...identity.store.apiKeys.values(), ...identity.store.secrets.values()]);
    expect(rows).toContain(token.keyPrefix);
    expect(rows).not.toContain(token.secret);
  });
});

describe('scopes of an issued key', () => {
  it.each([undefined, []])("are the issuer's own when %j is asked for", async (scopes) => {
    const restricted = holding(ScopeGrant.of(['a', 'b']));
    expect((await identity.issueApiKey.execute(restricted, { name: 'x', scopes })).apiKey.grant).toEqual(
      restricted.apiKey.grant,
    );
    expect((await identity.issueApiKey.execute(issuer, { name: 'x', scopes })).apiKey.grant.unrestricted).toBe(true);
  });

  it('are what is asked for within the own grant', async () => {
    const { apiKey } = await identity.issueApiKey.execute(holding(ScopeGrant.of(['a', 'b'])), {
      name: 'x',
      scopes: ['b'],
    });
    expect(apiKey.grant).toEqual(ScopeGrant.of(['b']));
  });

  it.each([[['a', 'c']], [['*']], [['A']], [['a ']], [['']]])('never go beyond the own grant: %j', async (scopes) => {
    const outcome = identity.issueApiKey.execute(holding(ScopeGrant.of(['a', 'b'])), { name: 'x', scopes });
    await expect(outcome).rejects.toMatchObject({ code: 'api_key.scope_not_held' });
    expect(identity.store.apiKeys.size).toBe(1);
  });
});

describe('expiry of an issued key', () => {
  it.each([null, TOMORROW, NEXT_MONTH])('is %p when an issuer that never expires asks for it', async (expiresAt) => {
    expect((await identity.issueApiKey.execute(issuer, { name: 'x', expiresAt })).apiKey.expiresAt).toEqual(expiresAt);
  });

  it("may equal the issuer's own", async () => {
    const short = holding(ScopeGrant.unrestricted(), TOMORROW);
    const { apiKey } = await identity.issueApiKey.execute(short, { name: 'x', expiresAt: TOMORROW });
    expect(apiKey.expiresAt).toEqual(TOMORROW);
  });

  it.each([undefined, null, new Date(TOMORROW.getTime() + 1), NEXT_MONTH])(
    'is never later than that of the issuer: %p',
    async (expiresAt) => {
      const outcome = identity.issueApiKey.execute(holding(ScopeGrant.unrestricted(), TOMORROW), {
        name: 'x',
        expiresAt,
      });
      await expect(outcome).rejects.toMatchObject({ code: 'api_key.outlives_caller' });
    },
  );

  it('lies at least one millisecond ahead', async () => {
    const now = identity.clock.now();
    for (const past of [now, new Date(now.getTime() - 1), new Date(0)]) {
      const outcome = identity.issueApiKey.execute(issuer, { name: 'x', expiresAt: past });
      await expect(outcome).rejects.toMatchObject({ code: 'api_key.expiry_in_past' });
    }
    const soon = new Date(now.getTime() + 1);
    expect((await identity.issueApiKey.execute(issuer, { name: 'x', expiresAt: soon })).apiKey.expiresAt).toEqual(soon);
  });
});

describe('a name', () => {
  it.each(['', 'x'.repeat(256), 'a\0', '\ud800'])('%j is refused', async (name) => {
    const outcome = identity.issueApiKey.execute(issuer, { name });
    await expect(outcome).rejects.toMatchObject({ code: 'api_key.name_invalid' });
    expect(identity.store.apiKeys.size).toBe(1);
  });
});
