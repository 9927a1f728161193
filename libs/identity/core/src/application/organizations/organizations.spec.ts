import { describe, expect, it } from '@jest/globals';
import { type Actor, OPERATOR } from '../../domain/actor.js';
import { OWNER_ROLE } from '../../domain/member.js';
import { anId } from '../../testing/builders.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import type { SignUpRequest } from './create-organization.js';

describe('creating an organization', () => {
  it('gives it an owner with a working key, apart from all others', async () => {
    const identity = new InMemoryIdentity();
    const create = identity.createOrganization;
    const [first, second] = [await create.execute('Acme'), await create.execute('Acme')];
    const caller = await identity.verifyApiKey.execute(second.token.reveal());
    expect(caller.organization.id).toBe(second.organization.id);
    expect(await identity.listOrganizations.execute()).toEqual([first.organization, second.organization]);
  });

  it('is recorded, with its first key, as done by the operator or whom the operator names', async () => {
    const identity = new InMemoryIdentity();
    const actor: Actor = { ...OPERATOR, sourceAddress: '192.0.2.1' };
    for (const given of [undefined, actor]) {
      const { organization } = await identity.createOrganization.execute('Acme', given);
      await identity.issueOwnerKey.execute(organization.id, { name: 'CI' }, given);
      const events = await identity.auditLog.list(organization.id, { limit: 9 });
      expect(events.map((event) => event.actor)).toEqual([given ?? OPERATOR, given ?? OPERATOR]);
    }
  });

  it('is refused for a name that is none', async () => {
    const identity = new InMemoryIdentity();
    const create = identity.createOrganization;
    await expect(create.execute('')).rejects.toMatchObject({ code: 'organization.name_invalid' });
  });
});

describe('a sign-up', () => {
  const owner = { externalId: 'user-1', email: 'ada@example.com', displayName: 'Ada' };

  it('stores the owner that it names, and a first key with any scopes, as one', async () => {
    const identity = new InMemoryIdentity();
    const firstKey = { name: 'CI', scopes: ['orders:read'], expiresAt: null };
    const created = await identity.createOrganization.signUp({ name: 'Acme', owner, firstKey });
    const caller = await identity.verifyApiKey.execute(created.firstKey?.token.reveal() ?? '');
    expect(caller.member).toMatchObject({ ...owner, role: OWNER_ROLE });
    expect(caller.apiKey).toMatchObject({ name: 'CI', grant: { unrestricted: false, scopes: ['orders:read'] } });
    expect(await identity.listOrganizations.execute()).toEqual([created.organization]);
  });

  it('is recorded with its owner, and with what its first key may do and until when', async () => {
    const identity = new InMemoryIdentity();
    const expiresAt = new Date(identity.clock.now().getTime() + 60_000);
    const terms = (first_key_scopes: string[]) => ({
      first_key_name: 'CI',
      first_key_scopes,
      first_key_expires_at: expiresAt.toISOString(),
    });
    for (const [firstKey, recorded] of [
      [null, {}],
      [{ name: 'CI', scopes: ['orders:read'], expiresAt }, terms(['orders:read'])],
      [{ name: 'CI', scopes: ['*'], expiresAt }, terms(['*'])],
    ] as const) {
      const { organization } = await identity.createOrganization.signUp({ name: 'Acme', owner, firstKey });
      const [event] = await identity.auditLog.list(organization.id, { limit: 9 });
      expect(event?.changes).toEqual({ name: 'Acme', owner_external_id: 'user-1', ...recorded });
    }
  });

  it('without a first key stores the organization and its owner alone', async () => {
    const identity = new InMemoryIdentity();
    const created = await identity.createOrganization.signUp({ name: 'Acme' });
    expect(created.firstKey).toBeNull();
    expect(await identity.findOrganization.execute(created.organization.id)).toEqual(created.organization);
    expect(await identity.apiKeys.list(created.organization.id)).toEqual([]);
    const { token } = await identity.issueOwnerKey.execute(created.organization.id, { name: 'later' });
    await expect(identity.verifyApiKey.execute(token.reveal())).resolves.toMatchObject({ member: created.owner });
  });

  it.each<[string, SignUpRequest]>([
    ['organization.name_invalid', { name: '', owner }],
    ['member.invalid', { name: 'Acme', owner: { externalId: '' } }],
    ['api_key.name_invalid', { name: 'Acme', firstKey: { name: '' } }],
    ['api_key.scope_invalid', { name: 'Acme', firstKey: { scopes: ['orders'] } }],
    ['api_key.expiry_in_past', { name: 'Acme', firstKey: { expiresAt: new Date(0) } }],
  ])('that is refused with %s leaves nothing', async (code, request) => {
    const identity = new InMemoryIdentity();
    await expect(identity.createOrganization.signUp(request)).rejects.toMatchObject({ code });
    expect(await identity.listOrganizations.execute()).toEqual([]);
  });
});

describe('the pages of organizations', () => {
  it('show each exactly once, newest first, and only those whose name contains the text', async () => {
    const identity = new InMemoryIdentity();
    for (const name of ['Acme', 'Other', 'acme ltd', 'Acme Inc']) {
      await identity.createOrganization.execute(name);
      identity.clock.advance(1);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await identity.listOrganizations.page({ limit: 2, cursor, search: 'ACME' });
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['Acme Inc', 'acme ltd', 'Acme']);
    expect(await identity.listOrganizations.page({ limit: 2, search: '\0' })).toEqual({ items: [], next: null });
  });
});

describe("the operator's key for an owner", () => {
  it('opens an organization that lost its keys', async () => {
    const identity = new InMemoryIdentity();
    const { organization, owner } = await identity.createOrganization.execute('A');
    const issueOwnerKey = identity.issueOwnerKey;
    const { token } = await issueOwnerKey.execute(organization.id, { name: 'Rescue' });
    const caller = await identity.verifyApiKey.execute(token.reveal());
    expect(caller).toMatchObject({ organization, member: owner, apiKey: { grant: { unrestricted: true } } });
  });

  it('holds the scopes that are named, and no more', async () => {
    const identity = new InMemoryIdentity();
    const { organization } = await identity.createOrganization.execute('A');
    const { apiKey } = await identity.issueOwnerKey.execute(organization.id, { name: 'CI', scopes: ['orders:read'] });
    expect(apiKey.grant).toMatchObject({ unrestricted: false, scopes: ['orders:read'] });
  });

  it('is refused for an unknown organization', async () => {
    const identity = new InMemoryIdentity();
    const outcome = identity.issueOwnerKey.execute(anId(), { name: 'x' });
    await expect(outcome).rejects.toMatchObject({ code: 'organization.not_found' });
  });

  it('is refused for an owner who is disabled or was removed', async () => {
    const identity = new InMemoryIdentity();
    const { organization, owner } = await identity.createOrganization.execute('A');
    const issue = () => identity.issueOwnerKey.execute(organization.id, { name: 'x' });
    await identity.updateMember.execute(organization.id, owner.id, { isActive: false }, OPERATOR);
    await expect(issue()).rejects.toMatchObject({ code: 'member.disabled' });
    await identity.removeMember.execute(organization.id, owner.id, OPERATOR);
    const message = expect.stringContaining(OWNER_ROLE);
    await expect(issue()).rejects.toMatchObject({ code: 'member.not_found', message });
    const successor = { externalId: 'user-1', role: OWNER_ROLE };
    const { id } = await identity.createMember.execute(organization.id, successor, OPERATOR);
    expect((await issue()).apiKey.memberId).toBe(id);
  });
});
