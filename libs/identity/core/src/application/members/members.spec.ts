import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Actor, OPERATOR } from '../../domain/actor.js';
import { MEMBER_ROLE } from '../../domain/member.js';
import { operatorGrantor } from '../keys/grantor.js';
import { anId } from '../../testing/builders.js';
import type { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { Tenant } from '../../testing/tenant.js';
import type { CreateMemberRequest } from './create-member.js';

const ACTOR: Actor = { ...OPERATOR, sourceAddress: '192.0.2.1' };

let tenant: Tenant;
let identity: InMemoryIdentity;

beforeEach(async () => {
  tenant = await Tenant.create();
  ({ identity } = tenant);
});

const create = (request: Partial<CreateMemberRequest> = {}) =>
  identity.createMember.execute(tenant.organization.id, { externalId: 'user-1', ...request }, ACTOR);
const verify = (token: string) => identity.verifyApiKey.execute(token);

/** A member with a key that has been verified. */
async function memberWithKey() {
  const member = await create();
  const { token } = await identity.issueApiKey.execute(operatorGrantor(member), { name: 'CI' });
  await verify(token.reveal());
  return { member, token: token.reveal() };
}

describe('creating a member', () => {
  it('takes what is left out as nothing, and is recorded', async () => {
    const member = await create({ email: 'ada@example.com' });
    expect(member).toMatchObject({ email: 'ada@example.com', displayName: null, role: MEMBER_ROLE, disabledAt: null });
    expect(await identity.findMember.execute(tenant.organization.id, member.id)).toEqual(member);
    expect(await identity.findMember.byExternalId(tenant.organization.id, 'user-1')).toEqual(member);
    const changes = { member_id: member.id, external_id: 'user-1', email: 'ada@example.com', role: MEMBER_ROLE };
    expect(await tenant.events('member.created')).toMatchObject([{ actor: ACTOR, changes }]);
  });

  it.each<Partial<CreateMemberRequest>>([
    { externalId: '' },
    { externalId: 'x'.repeat(256) },
    { email: 'a\0b' },
    { displayName: '\ud800' },
    { role: '' },
  ])('is refused for a text that not every database stores: %j', async (request) => {
    await expect(create(request)).rejects.toMatchObject({ code: 'member.invalid' });
    expect(await tenant.events('member.created')).toEqual([]);
  });
});

describe('changing a member', () => {
  const update = (id: string, changed: Parameters<InMemoryIdentity['updateMember']['execute']>[2]) =>
    identity.updateMember.execute(tenant.organization.id, id, changed, ACTOR);

  it('changes what is named alone, tells when, and records only what changed', async () => {
    const member = await create({ email: 'ada@example.com' });
    identity.clock.advance(1000);
    const changed = await update(member.id, { displayName: 'Ada', role: MEMBER_ROLE });
    expect(changed).toEqual({ ...member, displayName: 'Ada', updatedAt: identity.clock.now() });
    const changes = { member_id: member.id, external_id: 'user-1', display_name: 'Ada' };
    expect((await tenant.events('member.updated')).map((event) => event.changes)).toEqual([changes]);
    const events = await tenant.countEvents();
    expect(await update(member.id, { displayName: 'Ada', isActive: true })).toEqual(changed);
    expect(await tenant.countEvents()).toBe(events);
  });

  it('to disabled refuses its keys from the next request on, also proven ones, until it is enabled', async () => {
    const { member, token } = await memberWithKey();
    await update(member.id, { isActive: false });
    await expect(verify(token)).rejects.toMatchObject({ code: 'authentication.required' });
    await expect(identity.verifyApiKey.verifyCached(token)).rejects.toMatchObject({ code: 'authentication.required' });
    await expect(verify(tenant.owner.token)).resolves.toBeDefined();
    await update(member.id, { isActive: true });
    await expect(verify(token)).resolves.toBeDefined();
    const events = [await tenant.events('member.disabled'), await tenant.events('member.enabled')];
    expect(events).toMatchObject([[{ changes: { is_active: false } }], [{ changes: { is_active: true } }]]);
  });

  it("is refused for an unknown member and another organization's", async () => {
    const theirs = await Tenant.create(identity);
    for (const id of [anId(), theirs.member.id]) {
      await expect(update(id, { isActive: false })).rejects.toMatchObject({ code: 'member.not_found' });
      const removed = identity.removeMember.execute(tenant.organization.id, id, ACTOR);
      await expect(removed).rejects.toMatchObject({ code: 'member.not_found' });
    }
    await expect(verify(theirs.owner.token)).resolves.toBeDefined();
  });
});

describe('removing a member', () => {
  it('ends its keys with it, counts them in the event, and leaves the others', async () => {
    const { member, token } = await memberWithKey();
    await identity.removeMember.execute(tenant.organization.id, member.id, ACTOR);
    await expect(verify(token)).rejects.toMatchObject({ code: 'authentication.required' });
    await expect(verify(tenant.owner.token)).resolves.toBeDefined();
    const changes = { member_id: member.id, removed_api_keys: 1 };
    expect(await tenant.events('member.removed')).toMatchObject([{ actor: ACTOR, changes }]);
    expect((await identity.listMembers.execute(tenant.organization.id, { limit: 9 })).items).toHaveLength(1);
  });
});

describe('the list of members', () => {
  it('shows each exactly once over its pages, and refuses a cursor that it did not make', async () => {
    for (let n = 0; n < 5; n += 1) await create({ externalId: `user-${n}` });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await identity.listMembers.execute(tenant.organization.id, { limit: 2, cursor });
      seen.push(...page.items.map(({ externalId }) => externalId));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['user-4', 'user-3', 'user-2', 'user-1', 'user-0', 'owner']);
    const refused = identity.listMembers.execute(tenant.organization.id, { limit: 2, cursor: 'x' });
    await expect(refused).rejects.toMatchObject({ code: 'cursor.invalid' });
    const none = await identity.listMembers.execute(tenant.organization.id, { limit: 2, role: '\0' });
    expect(none).toEqual({ items: [], next: null });
  });
});
