import { beforeEach, describe, expect, it } from '@jest/globals';
import { ScopeGrant } from '../../domain/scope-grant.js';
import type { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { Tenant } from '../../testing/tenant.js';
import type { Grantor } from './grantor.js';
import type { IssueApiKeyRequest } from './issue-api-key.js';

const TOMORROW = new Date('2026-01-03T00:00:00.000Z');
const NEXT_MONTH = new Date('2026-02-01T00:00:00.000Z');

let tenant: Tenant;
let identity: InMemoryIdentity;
let grantor: Grantor;

beforeEach(async () => {
  tenant = await Tenant.create();
  identity = tenant.identity;
  grantor = await tenant.grantor();
});

/** Grantor of a stored key that holds these scopes, until then. */
async function holding(scopes: readonly string[], expiresAt: Date | null = null): Promise<Grantor> {
  return tenant.grantor((await tenant.issue({ scopes, expiresAt })).token);
}

async function issue(by: Grantor, request: Partial<IssueApiKeyRequest> = {}) {
  return (await identity.issueApiKey.execute(by, { name: 'x', ...request })).apiKey;
}

describe('an issued key', () => {
  it("is one of the issuer's organization and member, whatever else is asked for", async () => {
    const request = { name: 'CI', organizationId: 'x', memberId: 'y', id: 'z' };
    const { apiKey, token } = await identity.issueApiKey.execute(grantor, request);
    const stored = await identity.apiKeys.findCredential(token.keyPrefix);
    expect(stored?.apiKey).toEqual(apiKey);
    const { organizationId, id: memberId } = tenant.member;
    expect(apiKey).toMatchObject({ organizationId, memberId, name: 'CI', createdAt: identity.clock.now() });
    expect(apiKey).toMatchObject({ disabledAt: null, revokedAt: null, lastUsedAt: null, expiresAt: null });
  });

  it('is accepted at once, and its secret is stored nowhere', async () => {
    const { apiKey, token } = await identity.issueApiKey.execute(grantor, { name: 'CI' });
    await expect(identity.verifyApiKey.execute(token.reveal())).resolves.toMatchObject({ apiKey });
    const rows = JSON.stringify([...identity.store.apiKeys.values(), ...identity.store.secrets.values()]);
    expect(rows).toContain(token.keyPrefix);
    expect(rows).not.toContain(token.secret);
  });
});

describe('scopes of an issued key', () => {
  it.each([undefined, []])("are the issuer's own when %j is asked for", async (scopes) => {
    const restricted = await holding(['a:read', 'b:*']);
    expect((await issue(restricted, { scopes })).grant).toEqual(ScopeGrant.of(['a:read', 'b:*']));
    expect((await issue(grantor, { scopes })).grant).toEqual(ScopeGrant.unrestricted());
  });

  it('are what is asked for within the own grant', async () => {
    const restricted = await holding(['a:read', 'b:*']);
    expect((await issue(restricted, { scopes: ['b:write'] })).grant).toEqual(ScopeGrant.of(['b:write']));
  });

  it.each([[['a:read', 'c:read']], [['*']], [['a:*']], [['A:read']]])(
    'never go beyond the own grant: %j (AZ3)',
    async (scopes) => {
      const restricted = await holding(['a:read', 'b:*']);
      await expect(issue(restricted, { scopes })).rejects.toMatchObject({ code: 'api_key.scope_not_held' });
      expect(identity.store.apiKeys.size).toBe(2);
    },
  );

  it.each([[['a']], [['a:read ']], [['']], [['a:read', 'a:b:c']]])(
    'are refused when they are none: %j',
    async (scopes) => {
      await expect(issue(grantor, { scopes })).rejects.toMatchObject({ code: 'api_key.scope_invalid' });
      expect(identity.store.apiKeys.size).toBe(1);
    },
  );
});

describe('expiry of an issued key', () => {
  it.each([null, TOMORROW, NEXT_MONTH])('is %p when an issuer that never expires asks for it', async (expiresAt) => {
    expect((await issue(grantor, { expiresAt })).expiresAt).toEqual(expiresAt);
  });

  it("may equal the issuer's own", async () => {
    expect((await issue(await holding([], TOMORROW), { expiresAt: TOMORROW })).expiresAt).toEqual(TOMORROW);
  });

  it.each([undefined, null, new Date(TOMORROW.getTime() + 1), NEXT_MONTH])(
    'is never later than that of the issuer: %p (AZ3)',
    async (expiresAt) => {
      const outcome = issue(await holding([], TOMORROW), { expiresAt });
      await expect(outcome).rejects.toMatchObject({ code: 'api_key.outlives_caller' });
    },
  );

  it('lies at least one millisecond ahead', async () => {
    for (const past of [tenant.in(0), tenant.in(-1), new Date(0)]) {
      await expect(issue(grantor, { expiresAt: past })).rejects.toMatchObject({ code: 'api_key.expiry_in_past' });
    }
    expect((await issue(grantor, { expiresAt: tenant.in(1) })).expiresAt).toEqual(tenant.in(1));
  });
});

describe('a name', () => {
  it.each(['', 'x'.repeat(256), 'a\0', '\ud800'])('%j is refused', async (name) => {
    await expect(issue(grantor, { name })).rejects.toMatchObject({ code: 'api_key.name_invalid' });
    expect(identity.store.apiKeys.size).toBe(1);
  });
});
