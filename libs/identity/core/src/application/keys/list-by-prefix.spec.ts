import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiKey } from '../../domain/api-key.js';
import { type HeldApiKey, Tenant } from '../../testing/tenant.js';

let tenant: Tenant;
let leaked: HeldApiKey;
/** Every public part that the leaked key ever had, oldest first. */
let prefixes: string[];

/** Rotates three times, so that the second of the four secrets is removed. */
beforeEach(async () => {
  tenant = await Tenant.create();
  await tenant.issue();
  leaked = await tenant.issue({ name: 'leaked' });
  prefixes = [leaked.apiKey.keyPrefix];
  for (let rotation = 0; rotation < 3; rotation += 1) {
    tenant.identity.clock.advance(1000);
    const { token } = await tenant.identity.rotateApiKey.execute(await tenant.grantor(), leaked.apiKey.id, 0);
    prefixes.push(token.keyPrefix);
  }
  const { secrets } = await tenant.identity.findApiKey.execute(tenant.organization.id, leaked.apiKey.id);
  expect(secrets.map(({ keyPrefix }) => keyPrefix)).toEqual([prefixes[0], prefixes[2], prefixes[3]]);
});

const list = async (keyPrefix: string, request: object = {}, { organization } = tenant) => {
  const page = { limit: 1000, includeRevoked: true, keyPrefix, ...request };
  return tenant.identity.listApiKeys.execute(organization.id, page);
};
const idsOf = (keys: readonly ApiKey[]) => keys.map(({ id }) => id);

describe('a list of keys by a public part', () => {
  it('holds the one key that has or had it, at whichever rotation', async () => {
    for (const keyPrefix of prefixes) {
      const { first, rest, next } = await list(keyPrefix);
      expect([idsOf(first), rest, next]).toEqual([[leaked.apiKey.id], null, null]);
      expect(first[0]?.keyPrefix).toBe(prefixes.at(-1));
    }
  });

  it('holds a revoked key where revoked ones are wanted, and not otherwise', async () => {
    await tenant.identity.revokeApiKey.execute(
      tenant.organization.id,
      leaked.apiKey.id,
      (await tenant.grantor()).actor,
    );
    for (const keyPrefix of prefixes) {
      expect(idsOf((await list(keyPrefix)).first)).toEqual([leaked.apiKey.id]);
      expect((await list(keyPrefix, { includeRevoked: false })).first).toEqual([]);
    }
  });

  it('is empty for another organization, an unknown public part, and what is none', async () => {
    const other = await Tenant.create(tenant.identity);
    for (const keyPrefix of prefixes) expect((await list(keyPrefix, {}, other)).first).toEqual([]);
    for (const none of ['fth_test_unknown1', leaked.token, '', 'a b', '\0']) {
      expect((await list(none)).first).toEqual([]);
    }
  });

  it('has pages, newest first, where a public part was drawn again', async () => {
    const again = await tenant.issue();
    const [, removed = ''] = prefixes;
    const { store } = tenant.identity;
    const [secret] = [...store.secrets.values()].filter(({ apiKeyId }) => apiKeyId === again.apiKey.id);
    store.secrets.set(secret!.id, { ...secret!, keyPrefix: removed });
    const all = [again.apiKey.id, leaked.apiKey.id];
    expect(idsOf((await list(removed)).first)).toEqual(all);
    const { first, next } = await list(removed, { limit: 1 });
    const second = await list(removed, { limit: 1, cursor: next ?? '' });
    expect([...idsOf(first), ...idsOf(second.first), second.next]).toEqual([...all, null]);
  });
});

describe('the audit log by a public part', () => {
  const events = async (request: object, { organization } = tenant) => {
    const page = await tenant.identity.listAuditEvents.execute(organization.id, { limit: 200, ...request });
    return page.items.map(({ id }) => id);
  };

  it('holds every event about the key that has or had it', async () => {
    const all = await events({ apiKeyId: leaked.apiKey.id });
    expect(all).toHaveLength(4);
    for (const keyPrefix of prefixes) {
      expect(await events({ keyPrefix })).toEqual(all);
      expect(await events({ keyPrefix, apiKeyId: leaked.apiKey.id, type: 'api_key.created' })).toEqual(all.slice(-1));
      expect(await events({ keyPrefix, apiKeyId: tenant.owner.apiKey.id })).toEqual([]);
    }
  });

  it('is empty for another organization, an unknown public part, and what is none', async () => {
    const other = await Tenant.create(tenant.identity);
    for (const keyPrefix of prefixes) expect(await events({ keyPrefix }, other)).toEqual([]);
    for (const keyPrefix of ['fth_test_unknown1', leaked.token, '', '\0'])
      expect(await events({ keyPrefix })).toEqual([]);
  });

  it('has pages, newest first, where a public part was drawn again', async () => {
    const again = await tenant.issue();
    const [, removed = ''] = prefixes;
    const { store } = tenant.identity;
    const [secret] = [...store.secrets.values()].filter(({ apiKeyId }) => apiKeyId === again.apiKey.id);
    store.secrets.set(secret!.id, { ...secret!, keyPrefix: removed });
    const all = [...(await events({ apiKeyId: again.apiKey.id })), ...(await events({ apiKeyId: leaked.apiKey.id }))];
    const walked: string[] = [];
    for (let cursor: string | null | undefined = undefined; cursor !== null;) {
      const request = { limit: 2, keyPrefix: removed, cursor };
      const page = await tenant.identity.listAuditEvents.execute(tenant.organization.id, request);
      walked.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    expect(walked).toEqual(all);
  });

  it('shows the public part that a version before has written into the changes alone', async () => {
    const { store } = tenant.identity;
    for (const [index, event] of store.auditEvents.entries()) store.auditEvents[index] = { ...event, keyPrefix: null };
    const request = { limit: 200, keyPrefix: prefixes[1] };
    const { items } = await tenant.identity.listAuditEvents.execute(tenant.organization.id, request);
    // Nothing tells any more which secret the key had at first.
    expect(items.map(({ keyPrefix }) => keyPrefix)).toEqual([...prefixes.slice(1).reverse(), null]);
  });
});
