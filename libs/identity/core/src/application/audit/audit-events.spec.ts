import { beforeEach, describe, expect, it } from '@jest/globals';
import { anId } from '../../testing/builders.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { type HeldApiKey, ORIGIN, Tenant } from '../../testing/tenant.js';
import type { Grantor } from '../keys/grantor.js';

const HOUR_MS = 3_600_000;

let identity: InMemoryIdentity;
let tenant: Tenant;
let attacker: HeldApiKey;
let grantor: Grantor;

beforeEach(async () => {
  identity = new InMemoryIdentity();
  tenant = await Tenant.create(identity);
  attacker = await tenant.issue({ scopes: ['api_keys:manage'], expiresAt: tenant.in(HOUR_MS) });
  grantor = await tenant.grantor(attacker.token);
});

const issue = (scopes: string[], expiresAt: Date | null) =>
  identity.issueApiKey.execute(grantor, { name: 'Mine', scopes, expiresAt });
const update = (change: object, id = tenant.owner.apiKey.id) =>
  tenant.identity.updateApiKey.execute(grantor, id, change);
const rotate = (seconds: number, id = tenant.owner.apiKey.id) =>
  tenant.identity.rotateApiKey.execute(grantor, id, seconds);

/** Disables the owner's key, so that enabling it is an escalation. */
function disableOwner(): void {
  const { apiKey } = tenant.owner;
  identity.store.apiKeys.set(apiKey.id, apiKey.with({ disabledAt: tenant.in(0) }));
}

describe('an attempt to get more than one has', () => {
  const later = () => tenant.in(HOUR_MS + 1);
  const ATTEMPTS: Readonly<Record<string, [() => Promise<unknown>, string, () => object]>> = {
    'issuing more scopes': [
      () => issue(['api_keys:manage', '*'], tenant.in(1)),
      'api_key.scope_not_held',
      () => ({ name: 'Mine', scopes: ['api_keys:manage', '*'], expires_at: tenant.in(1).toISOString() }),
    ],
    'issuing a longer life': [
      () => issue([], later()),
      'api_key.outlives_caller',
      () => ({ name: 'Mine', scopes: [], expires_at: later().toISOString() }),
    ],
    'issuing a life without an end': [
      () => issue([], null),
      'api_key.outlives_caller',
      () => ({ name: 'Mine', scopes: [], expires_at: null }),
    ],
    'widening the own key': [
      () => update({ scopes: ['*'] }, attacker.apiKey.id),
      'api_key.scope_not_held',
      () => ({ scopes: ['*'] }),
    ],
    'prolonging the own key': [
      () => update({ expiresAt: null, name: 'Mine' }, attacker.apiKey.id),
      'api_key.outlives_caller',
      () => ({ expires_at: null, name: 'Mine' }),
    ],
    'enabling a stronger key': [
      () => (disableOwner(), update({ isActive: true })),
      'api_key.scope_not_held',
      () => ({ is_active: true }),
    ],
    'rotating a stronger key': [() => rotate(60), 'api_key.scope_not_held', () => ({ grace_period_seconds: 60 })],
  };

  it.each(Object.entries(ATTEMPTS))(
    'is recorded with who, from where, on which key and what was wanted: %s',
    async (name, [attempt, code, changes]) => {
      await expect(attempt()).rejects.toMatchObject({ code });
      const target = name.startsWith('issuing') ? null : /own/.test(name) ? attacker.apiKey.id : tenant.owner.apiKey.id;
      expect(await tenant.events('escalation.denied')).toEqual([
        {
          id: expect.any(String),
          organizationId: tenant.organization.id,
          type: 'escalation.denied',
          occurredAt: tenant.in(0),
          actor: { type: 'api_key', name: null, apiKeyId: attacker.apiKey.id, memberId: tenant.member.id, ...ORIGIN },
          apiKeyId: target,
          keyPrefix: target && identity.store.apiKeys.get(target)?.keyPrefix,
          changes: changes(),
        },
      ]);
    },
  );

  it('is recorded each time, and no event holds a secret', async () => {
    for (const [attempt] of Object.values(ATTEMPTS)) await attempt().catch(() => undefined);
    expect(await tenant.events('escalation.denied')).toHaveLength(Object.keys(ATTEMPTS).length);
    const written = JSON.stringify(identity.store.auditEvents);
    for (const token of [tenant.owner.token, attacker.token]) {
      const parsed = identity.format.parse(token);
      expect(written).not.toContain(parsed?.secret);
    }
    for (const { hash, proof } of identity.store.secrets.values()) {
      expect(written).not.toContain(hash);
      expect(written).not.toContain(proof);
    }
  });

  it('is not told as a mere refusal when it cannot be recorded', async () => {
    identity.auditLog.append = () => Promise.reject(new Error('storage is down'));
    await expect(rotate(0)).rejects.toThrow('storage is down');
  });
});

describe('the public part of an event', () => {
  const prefixes = async () => {
    const events = await identity.auditLog.list(tenant.organization.id, { limit: 100, apiKeyId: attacker.apiKey.id });
    return events.reverse().map(({ type, keyPrefix, changes }) => [type, keyPrefix, changes['previous_key_prefix']]);
  };

  it('is that of the secret which the event is about, of a rotation the new one with the one before', async () => {
    const owner = await tenant.grantor();
    const { id, keyPrefix: first } = attacker.apiKey;
    await identity.updateApiKey.execute(owner, id, { name: 'renamed' });
    const rotated = await identity.rotateApiKey.execute(owner, id, 60);
    const second = rotated.token.keyPrefix;
    await identity.updateApiKey.execute(owner, id, { isActive: false });
    await identity.revokeApiKey.execute(tenant.organization.id, id, owner.actor);
    expect(await prefixes()).toEqual([
      ['api_key.created', first, undefined],
      ['api_key.updated', first, undefined],
      ['api_key.rotated', second, first],
      ['api_key.disabled', second, undefined],
      ['api_key.revoked', second, undefined],
    ]);
  });

  it('is that of the first key of a new organization, and null for a policy', async () => {
    await identity.changePolicy.execute(await tenant.grantor(), { maxLifetimeDays: 9 });
    const [created] = await tenant.events('organization.created');
    const [changed] = await tenant.events('policy.updated');
    expect([created?.keyPrefix, changed?.keyPrefix]).toEqual([tenant.owner.apiKey.keyPrefix, null]);
  });
});

describe('any other refusal is not recorded:', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['no name', 'api_key.name_invalid', () => update({ name: '', scopes: ['*'] })],
    ['no scope', 'api_key.scope_invalid', () => issue(['nonsense'], null)],
    ['no scope either', 'api_key.scope_invalid', () => update({ scopes: ['nonsense'] })],
    ['an end in the past', 'api_key.expiry_in_past', () => issue([], new Date(0))],
    ['an unknown key', 'api_key.not_found', () => update({ scopes: ['*'] }, anId())],
    ['an unknown key to rotate', 'api_key.not_found', () => rotate(0, anId())],
  ])('%s', async (_case, code, attempt) => {
    const recorded = await tenant.countEvents();
    await expect(attempt()).rejects.toMatchObject({ code });
    expect(await tenant.countEvents()).toBe(recorded);
  });

  it("another organization's key, in neither organization", async () => {
    const theirs = await Tenant.create(identity);
    const { id } = theirs.owner.apiKey;
    for (const attempt of [update({ scopes: ['*'] }, id), rotate(0, id)]) {
      await expect(attempt).rejects.toMatchObject({ code: 'api_key.not_found' });
    }
    const denied = [await tenant.events('escalation.denied'), await theirs.events('escalation.denied')];
    expect(denied).toEqual([[], []]);
  });

  it('a policy that is broken', async () => {
    tenant.setPolicy({ maxLifetimeDays: 1 });
    await expect(tenant.issue()).rejects.toMatchObject({ code: 'api_key.policy_violated' });
    expect(await tenant.events('escalation.denied')).toEqual([]);
  });
});
