import { describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../domain/actor.js';
import { SeededRandomSource } from '../../testing/fakes/seeded-random-source.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { Tenant } from '../../testing/tenant.js';

const UNKNOWN = expect.objectContaining({ code: 'api_key.scope_unknown' });

describe('where a catalogue of scopes is set', () => {
  const setUp = async () => {
    const memory = new InMemoryIdentity();
    const tenant = await Tenant.create(memory);
    const old = await tenant.issue({ scopes: ['old:read', 'old:write', 'api_keys:manage'] });
    const scopeCatalogue = [{ name: 'orders:read', description: '', group: 'Orders' }];
    const { store, ids } = memory;
    const identity = new InMemoryIdentity({ store, ids, random: new SeededRandomSource('catalogue'), scopeCatalogue });
    return { identity, tenant, old };
  };

  it('keys can be given its scopes, and no others', async () => {
    const { identity, tenant } = await setUp();
    const grantor = await tenant.grantor();
    const issue = (scopes: string[]) => identity.issueApiKey.execute(grantor, { name: 'CI', scopes });
    const { apiKey } = await issue(['orders:*', 'api_keys:read']);
    await expect(issue(['orders:read', 'orders:write'])).rejects.toEqual(UNKNOWN);
    const update = (scopes: string[]) => identity.updateApiKey.execute(grantor, apiKey.id, { scopes });
    await expect(update(['orders:*', 'stock:read'])).rejects.toEqual(UNKNOWN);
    expect((await update(['orders:read'])).apiKey.grant.scopes).toEqual(['orders:read']);
    expect((await identity.issueApiKey.execute(grantor, { name: 'all' })).apiKey.grant.unrestricted).toBe(true);
  });

  it('the first key of an organization can be given its scopes alone, too', async () => {
    const { identity } = await setUp();
    const signUp = (scopes: string[]) =>
      identity.createOrganization.signUp({ name: 'New', firstKey: { scopes } }, OPERATOR);
    const { firstKey } = await signUp(['orders:read', 'members:read']);
    expect(firstKey?.apiKey.grant.scopes).toEqual(['orders:read', 'members:read']);
    const before = await identity.listOrganizations.execute();
    await expect(signUp(['orders:raed'])).rejects.toEqual(UNKNOWN);
    expect(await identity.listOrganizations.execute()).toEqual(before);
  });

  it('a key keeps the scopes that it had before, but passes them on to no other', async () => {
    const { identity, tenant, old } = await setUp();
    const grantor = await tenant.grantor(old.token);
    const { apiKey } = await identity.updateApiKey.execute(await tenant.grantor(), old.apiKey.id, {
      name: 'renamed',
      scopes: ['old:read', 'api_keys:manage'],
    });
    expect(apiKey.grant.scopes).toEqual(['old:read', 'api_keys:manage']);
    await expect(identity.issueApiKey.execute(grantor, { name: 'same' })).rejects.toEqual(UNKNOWN);
  });
});
