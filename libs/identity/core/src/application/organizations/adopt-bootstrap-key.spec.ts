import { describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../domain/actor.js';
import { InMemoryStore } from '../../testing/fakes/in-memory-store.js';
import { SequentialIdGenerator } from '../../testing/fakes/sequential-id-generator.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { grantorOf } from '../keys/grantor.js';

function instance(store = new InMemoryStore(), series = 0) {
  const identity = new InMemoryIdentity({ store, ids: new SequentialIdGenerator(series) });
  return { identity, adopt: identity.adoptBootstrapKey };
}

const { format } = new InMemoryIdentity();
const chosen = format.compose('Operator', 'A'.repeat(32)).reveal();
const other = format.compose('Operato2', 'A'.repeat(32)).reveal();
const impostor = format.compose('Operator', 'B'.repeat(32)).reveal();

describe('adopting a bootstrap key', () => {
  it("creates the organization and makes the token its owner's unrestricted key", async () => {
    const { identity, adopt } = instance();
    await expect(adopt.execute(chosen, 'Acme')).resolves.toBe('created');
    const caller = await identity.verifyApiKey.execute(chosen);
    expect(caller).toMatchObject({ organization: { name: 'Acme' }, member: { role: 'org:admin' } });
    expect(caller.apiKey.grant.unrestricted).toBe(true);
  });

  it('is idempotent', async () => {
    const { identity, adopt } = instance();
    await adopt.execute(chosen, 'Acme');
    await expect(adopt.execute(chosen, 'Another name')).resolves.toBe('unchanged');
    expect([identity.store.organizations.size, identity.store.apiKeys.size]).toEqual([1, 1]);
  });

  it('gives one organization both keys when two instances start at once with different ones', async () => {
    const first = instance();
    const second = instance(first.identity.store, 1);
    const starts = [first.adopt.execute(chosen, 'Acme'), second.adopt.execute(other, 'Acme')];
    await expect(Promise.all(starts)).resolves.toEqual(['created', 'created']);
    const callers = [
      await first.identity.verifyApiKey.execute(chosen),
      await first.identity.verifyApiKey.execute(other),
    ];
    expect(callers[1]?.organization).toEqual(callers[0]?.organization);
  });

  it('adds another token to the same organization and owner', async () => {
    const { identity, adopt } = instance();
    await adopt.execute(chosen, 'Acme');
    await expect(adopt.execute(other, 'Acme')).resolves.toBe('created');
    const [first, second] = [await identity.verifyApiKey.execute(chosen), await identity.verifyApiKey.execute(other)];
    expect(second.member).toEqual(first.member);
    expect(identity.store.organizations.size).toBe(1);
  });

  it('never revives a key that was deleted with its organization, nor founds another one', async () => {
    const { identity, adopt } = instance();
    await adopt.execute(chosen, 'Acme');
    const { organization } = await identity.verifyApiKey.execute(chosen);
    const { confirmation } = await identity.deleteOrganization.plan(organization.id);
    await identity.deleteOrganization.execute(organization.id, confirmation, OPERATOR);
    await expect(adopt.execute(chosen, 'Acme')).resolves.toBe('revoked');
    expect(await identity.bootstrapOrganization.executeIfEmpty('Acme')).toBeNull();
    expect(identity.store.organizations.size).toBe(0);
  });

  it('never revives a revoked key', async () => {
    const { identity, adopt } = instance();
    await adopt.execute(chosen, 'Acme');
    const { organization, apiKey } = await identity.verifyApiKey.execute(chosen);
    await identity.revokeApiKey.execute(organization.id, apiKey.id, OPERATOR);
    await expect(adopt.execute(chosen, 'Acme')).resolves.toBe('revoked');
    await expect(identity.verifyApiKey.execute(chosen)).rejects.toMatchObject({ code: 'authentication.required' });
  });

  it.each([
    ['disabled', { disabledAt: new Date(0) }],
    ['expired', { expiresAt: new Date(0) }],
  ] as const)('tells that a key is %s and would be refused', async (state, fields) => {
    const { identity, adopt } = instance();
    await adopt.execute(chosen, 'Acme');
    const [apiKey] = identity.store.apiKeys.values();
    identity.store.apiKeys.set(apiKey!.id, apiKey!.with(fields));
    await expect(adopt.execute(chosen, 'Acme')).resolves.toBe(state);
  });

  it('tells that the member of a key is disabled, so that the key would be refused', async () => {
    const { identity, adopt } = instance();
    await adopt.execute(chosen, 'Acme');
    const { organization, member } = await identity.verifyApiKey.execute(chosen);
    await identity.updateMember.execute(organization.id, member.id, { isActive: false }, OPERATOR);
    await expect(adopt.execute(chosen, 'Acme')).resolves.toBe('disabled');
  });

  it('never accepts a token again that was rotated away, however often', async () => {
    const { identity, adopt } = instance();
    await adopt.execute(chosen, 'Acme');
    let token = chosen;
    for (let rotation = 1; rotation <= 3; rotation += 1) {
      const caller = await identity.verifyApiKey.execute(token);
      const grantor = grantorOf(caller, { requestId: null, sourceAddress: null });
      ({ token } = await identity.rotateApiKey
        .execute(grantor, caller.apiKey.id, 0)
        .then((rotated) => ({ token: rotated.token.reveal() })));
      identity.clock.advance(1000);
      await expect(adopt.execute(chosen, 'Acme')).resolves.toBe('rotated');
      await expect(identity.verifyApiKey.execute(chosen)).rejects.toMatchObject({ code: 'authentication.required' });
    }
    expect(identity.store.apiKeys.size).toBe(1);
  });

  it('refuses another secret under a public part that is taken', async () => {
    const { identity, adopt } = instance();
    await adopt.execute(chosen, 'Acme');
    await expect(adopt.execute(impostor, 'Acme')).rejects.toMatchObject({ code: 'token.taken' });
    await expect(identity.verifyApiKey.execute(chosen)).resolves.toBeDefined();
  });

  it.each(['', 'secret', chosen.toLowerCase(), ` ${chosen}`])('refuses %j, which is no token', async (text) => {
    const { identity, adopt } = instance();
    await expect(adopt.execute(text, 'Acme')).rejects.toMatchObject({ code: 'token.format_invalid' });
    expect(identity.store.organizations.size).toBe(0);
  });

  it('never shows the text it refuses', async () => {
    const text = `${chosen}x`;
    const error: unknown = await instance()
      .adopt.execute(text, 'Acme')
      .catch((reason: unknown) => reason);
    expect(String(error)).not.toContain('A'.repeat(8));
  });

  it('gives one organization and one key when 16 instances start at once', async () => {
    const { store } = instance().identity;
    const starts = Array.from({ length: 16 }, (_, i) => instance(store, i).adopt.execute(chosen, 'Acme'));
    const states = await Promise.all(starts);
    expect(states.filter((state) => state === 'created')).toHaveLength(1);
    expect(states.filter((state) => state === 'unchanged')).toHaveLength(15);
    expect([store.organizations.size, store.apiKeys.size]).toEqual([1, 1]);
  });
});
