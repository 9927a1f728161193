import { beforeEach, describe, expect, it } from '@jest/globals';
import { operatorNamed } from '../../domain/actor.js';
import { LINK_LIFETIME_SECONDS, SESSION_IDLE_MS, SESSION_LIFETIME_MS } from '../../domain/console-session.js';
import { CountingApiKeyRepository } from '../../testing/counting.js';
import { InMemoryStore } from '../../testing/fakes/in-memory-store.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { ORIGIN, Tenant } from '../../testing/tenant.js';
import { grantorOf } from '../keys/grantor.js';
import { grantOf } from './console-holders.js';
import type { ActiveConsoleSession } from './verify-console-session.js';

const MINUTE = 60_000;
const ADA = operatorNamed('ada');
const REFUSED = { code: 'authentication.required' };

let tenant: Tenant;

beforeEach(async () => {
  tenant = await Tenant.create();
});

const signIn = async (key = tenant.owner.token) => {
  const { openConsoleSession } = tenant.identity;
  return openConsoleSession.execute(await openConsoleSession.verifyKey(key), ORIGIN);
};
const follow = async (code: string) => {
  const { openConsoleSession } = tenant.identity;
  return openConsoleSession.execute(await openConsoleSession.verifyLink(code), ORIGIN);
};
const found = (secret: string) => tenant.identity.verifyConsoleSession.execute(secret);
const scopesOf = (active: ActiveConsoleSession | null) => active && grantOf(active.identity).scopes;
const operatorKey = (scopes: readonly string[] | null) =>
  tenant.identity.manageOperatorKeys.create({ name: 'billing', scopes }, ADA);
const linkBy = async (key: string, request = {}) =>
  tenant.identity.createConsoleLink.byKey(key, await tenant.identity.verifyApiKey.execute(key), request, ORIGIN);

describe('a session of a key', () => {
  it('acts for the key, with the scopes of the key', async () => {
    const { apiKey, token } = await tenant.issue({ scopes: ['orders:*', 'api_keys:read'] });
    const { secret, active } = await signIn(token);
    expect(active).toMatchObject({ hasAll: true, session: { holder: { apiKeyId: apiKey.id } } });
    const { identity } = (await found(secret)) ?? {};
    expect(identity).toMatchObject({ kind: 'tenant', caller: { organization: { id: tenant.organization.id } } });
    expect(scopesOf(await found(secret))).toEqual(['orders:*', 'api_keys:read']);
  });

  it('is stored as a hash, and its secret is in no event', async () => {
    const { secret } = await signIn();
    const stored = JSON.stringify([[...tenant.identity.consoleSessions.sessions], tenant.identity.store.auditEvents]);
    expect(stored).not.toContain(secret);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await found(`${secret}x`)).toBeNull();
    expect(await found('')).toBeNull();
  });

  it.each<[string, (key: Awaited<ReturnType<Tenant['issue']>>) => unknown]>([
    ['revoked', ({ apiKey }) => tenant.identity.revokeApiKey.execute(tenant.organization.id, apiKey.id, ADA)],
    [
      'disabled',
      async ({ apiKey }) =>
        tenant.identity.updateApiKey.execute(await tenant.grantor(), apiKey.id, { isActive: false }),
    ],
    [
      'rotated without grace',
      async ({ apiKey }) => tenant.identity.rotateApiKey.execute(await tenant.grantor(), apiKey.id, 0),
    ],
    [
      'rotated, and its grace period over',
      async ({ apiKey }) => {
        await tenant.identity.rotateApiKey.execute(await tenant.grantor(), apiKey.id, 60);
        tenant.identity.clock.advance(MINUTE);
      },
    ],
    ['expired', () => tenant.identity.clock.advance(60 * MINUTE)],
    [
      'of an organization that is disabled',
      () => tenant.identity.updateOrganization.execute(tenant.organization.id, { isActive: false }, ADA),
    ],
    [
      'of a member that is disabled',
      () => tenant.identity.updateMember.execute(tenant.organization.id, tenant.member.id, { isActive: false }, ADA),
    ],
  ])('is not accepted any more when the key is %s', async (_state, end) => {
    const key = await tenant.issue({ expiresAt: tenant.in(60 * MINUTE) });
    const { secret } = await signIn(key.token);
    expect(await found(secret)).not.toBeNull();
    await end(key);
    expect(await found(secret)).toBeNull();
    await expect(signIn(key.token)).rejects.toMatchObject(REFUSED);
  });

  it('is bound to the secret that was shown, also to a previous one', async () => {
    const { apiKey, token } = await tenant.issue();
    const rotated = await tenant.identity.rotateApiKey.execute(await tenant.grantor(), apiKey.id, 60);
    const [byOld, byNew] = [await signIn(token), await signIn(rotated.token.reveal())];
    tenant.identity.clock.advance(MINUTE);
    expect(await found(byOld.secret)).toBeNull();
    expect(await found(byNew.secret)).not.toBeNull();
  });

  it('does less when its key may do less, and never more', async () => {
    const { apiKey, token } = await tenant.issue({ scopes: ['orders:*', 'users:read'] });
    const { secret } = await signIn(token);
    const change = async (scopes: string[]) =>
      tenant.identity.updateApiKey.execute(await tenant.grantor(), apiKey.id, { scopes });
    await change(['orders:read']);
    expect(scopesOf(await found(secret))).toEqual(['orders:read']);
    await change(['*']);
    expect(scopesOf(await found(secret))).toEqual(['orders:*', 'users:read']);
  });

  it('changes keys as its key does, with its own scopes as the bound', async () => {
    const { code } = await linkBy(tenant.owner.token, { scopes: ['api_keys:*'] });
    const { identity } = (await found((await follow(code)).secret)) ?? {};
    if (identity?.kind !== 'tenant') throw new Error('It acts for an organization.');
    const grantor = grantorOf(identity.caller, ORIGIN);
    const { issueApiKey, rotateApiKey } = tenant.identity;
    const issued = await issueApiKey.execute(grantor, { name: 'less', scopes: ['api_keys:read'] });
    expect(issued.apiKey.createdBy).toEqual({ type: 'api_key', id: tenant.owner.apiKey.id });
    const more = issueApiKey.execute(grantor, { name: 'more', scopes: ['orders:read'] });
    await expect(more).rejects.toMatchObject({ code: 'api_key.scope_not_held' });
    // The new token of its own key would have more than the session.
    const rotation = rotateApiKey.execute(grantor, tenant.owner.apiKey.id, 60);
    await expect(rotation).rejects.toMatchObject({ code: 'api_key.scope_not_held' });
  });

  it('ends 8 hours after it was last seen', async () => {
    const { secret } = await signIn();
    tenant.identity.clock.advance(SESSION_IDLE_MS - 1);
    expect(await found(secret)).not.toBeNull();
    tenant.identity.clock.advance(SESSION_IDLE_MS - 1);
    expect(await found(secret)).not.toBeNull();
    tenant.identity.clock.advance(SESSION_IDLE_MS);
    expect(await found(secret)).toBeNull();
  });

  it('ends 24 hours after it was opened, however much it is used', async () => {
    const { secret } = await signIn();
    for (let hours = 1; hours < SESSION_LIFETIME_MS / 3_600_000; hours += 1) {
      tenant.identity.clock.advance(60 * MINUTE);
      expect(await found(secret)).not.toBeNull();
    }
    tenant.identity.clock.advance(60 * MINUTE - 1);
    expect(await found(secret)).not.toBeNull();
    tenant.identity.clock.advance(1);
    expect(await found(secret)).toBeNull();
  });

  it('is written as seen at most once a minute', async () => {
    const { secret, active } = await signIn();
    const seen = async () => (await found(secret))?.session.lastSeenAt;
    tenant.identity.clock.advance(MINUTE - 1);
    await found(secret);
    expect(await seen()).toEqual(active.session.createdAt);
    tenant.identity.clock.advance(1);
    await found(secret);
    expect(await seen()).toEqual(tenant.identity.clock.now());
  });

  it('leaves events of its begin and end, of the key and from where it was', async () => {
    const { active } = await signIn();
    await tenant.identity.manageConsoleSessions.end(active, active.session.id, ORIGIN);
    for (const type of ['console_session.opened', 'console_session.ended'] as const) {
      expect(await tenant.events(type)).toMatchObject([
        {
          apiKeyId: tenant.owner.apiKey.id,
          actor: { type: 'api_key', apiKeyId: tenant.owner.apiKey.id, ...ORIGIN },
          changes: { session_id: active.session.id },
        },
      ]);
    }
  });
});

describe('sessions', () => {
  it('of one key are listed and ended by each other, and by nobody else', async () => {
    const { manageConsoleSessions } = tenant.identity;
    const [mine, other] = [await signIn(), await signIn()];
    const others = await signIn((await tenant.issue()).token);
    expect((await manageConsoleSessions.list(mine.active)).map(({ session }) => session.id)).toEqual([
      other.active.session.id,
      mine.active.session.id,
    ]);
    const end = (id: string) => manageConsoleSessions.end(mine.active, id, ORIGIN);
    await expect(end(others.active.session.id)).rejects.toMatchObject({ code: 'console_session.not_found' });
    await end(other.active.session.id);
    expect(await found(other.secret)).toBeNull();
    await expect(end(other.active.session.id)).rejects.toMatchObject({ code: 'console_session.not_found' });
    expect(await found(others.secret)).not.toBeNull();
  });

  it('of one key can all be ended, however many there are, with one look at the key', async () => {
    const apiKeys = new CountingApiKeyRepository(new InMemoryStore());
    tenant = await Tenant.create(new InMemoryIdentity({ apiKeys }));
    const { manageConsoleSessions } = tenant.identity;
    const first = await signIn();
    let last = first;
    for (let count = 0; count < 150; count += 1) last = await signIn();
    const before = apiKeys.lookUps;
    expect(await manageConsoleSessions.list(last.active)).toHaveLength(151);
    expect(apiKeys.lookUps - before).toBe(1);
    await manageConsoleSessions.end(last.active, first.active.session.id, ORIGIN);
    expect(await found(first.secret)).toBeNull();
  });

  it('with fewer rights than their key see and end themselves alone: they belong to different users of a host', async () => {
    const { manageConsoleSessions } = tenant.identity;
    const users = [];
    for (const scopes of [['orders:read'], ['orders:read']]) {
      users.push(await follow((await linkBy(tenant.owner.token, { scopes })).code));
    }
    const [one, other] = users;
    if (one === undefined || other === undefined) throw new Error('There are two.');
    expect(await manageConsoleSessions.list(one.active)).toEqual([one.active]);
    const end = manageConsoleSessions.end(one.active, other.active.session.id, ORIGIN);
    await expect(end).rejects.toMatchObject({ code: 'console_session.not_found' });
    const whole = await signIn();
    expect(await manageConsoleSessions.list(whole.active)).toHaveLength(3);
  });

  it('of operators are all seen by an operator who may do everything', async () => {
    const { manageConsoleSessions, createConsoleLink } = tenant.identity;
    const [limited, unlimited] = [await operatorKey(['audit:read']), await operatorKey(null)];
    const byLimited = await signIn(limited.token.reveal());
    const byUnlimited = await signIn(unlimited.token.reveal());
    const byLink = await follow((await createConsoleLink.forOperator(ADA)).code);
    await signIn();
    expect(await manageConsoleSessions.list(byLimited.active)).toEqual([byLimited.active]);
    for (const { active } of [byUnlimited, byLink]) {
      expect(await manageConsoleSessions.list(active)).toHaveLength(3);
    }
    await tenant.identity.manageOperatorKeys.revoke(limited.operatorKey, ADA);
    expect(await manageConsoleSessions.list(byLink.active)).toEqual([byLink.active, byUnlimited.active]);
  });
});

describe('a session of an operator', () => {
  it('acts for the operator key until that is revoked', async () => {
    const created = await operatorKey(['audit:read']);
    const { secret } = await signIn(created.token.reveal());
    expect(await found(secret)).toMatchObject({
      identity: { kind: 'operator', operator: { name: 'billing', operatorKey: { id: created.operatorKey.id } } },
    });
    expect(scopesOf(await found(secret))).toEqual(['audit:read']);
    await tenant.identity.manageOperatorKeys.revoke(created.operatorKey, ADA);
    expect(await found(secret)).toBeNull();
  });

  it('opened by a link of the command line may do everything, without any operator key', async () => {
    const { code } = await tenant.identity.createConsoleLink.forOperator(ADA);
    const { secret } = await follow(code);
    const active = await found(secret);
    expect(active?.identity).toMatchObject({ kind: 'operator', operator: { name: 'ada', operatorKey: null } });
    expect(active && grantOf(active.identity).unrestricted).toBe(true);
    const events = await tenant.identity.operatorKeys.listEvents({ limit: 9 });
    expect(events).toMatchObject([
      { type: 'console_session.opened', actor: { type: 'operator', name: 'ada', ...ORIGIN } },
      { type: 'console_link.created', actor: ADA, changes: { unrestricted: true } },
    ]);
  });
});

describe('a link', () => {
  it('opens one session, within 10 minutes', async () => {
    const { createConsoleLink, clock } = tenant.identity;
    const first = await createConsoleLink.forKey(tenant.owner.apiKey.keyPrefix, ADA);
    expect((await follow(first.code)).active.identity.kind).toBe('tenant');
    await expect(follow(first.code)).rejects.toMatchObject(REFUSED);
    const late = await createConsoleLink.forOperator(ADA);
    clock.advance(LINK_LIFETIME_SECONDS * 1000);
    await expect(follow(late.code)).rejects.toMatchObject(REFUSED);
    for (const code of ['', 'unknown', late.code.slice(1)]) await expect(follow(code)).rejects.toMatchObject(REFUSED);
  });

  it('of a key opens nothing once the key is not accepted any more', async () => {
    const { apiKey, token } = await tenant.issue();
    const { code } = await linkBy(token);
    await tenant.identity.revokeApiKey.execute(tenant.organization.id, apiKey.id, ADA);
    await expect(follow(code)).rejects.toMatchObject(REFUSED);
    const { createConsoleLink } = tenant.identity;
    await expect(createConsoleLink.forKey(apiKey.keyPrefix, ADA)).rejects.toMatchObject({ code: 'api_key.not_found' });
  });

  it('of a key opens a session for what the key may do by then, and no more later', async () => {
    const { apiKey, token } = await tenant.issue({ scopes: ['orders:*', 'users:read'] });
    const { code } = await linkBy(token);
    const change = async (scopes: string[]) =>
      tenant.identity.updateApiKey.execute(await tenant.grantor(), apiKey.id, { scopes });
    await change(['orders:read']);
    const { secret } = await follow(code);
    await change(['*']);
    expect(scopesOf(await found(secret))).toEqual(['orders:read']);
  });

  it('that a key makes has its rights or fewer, and an attempt to get more is recorded', async () => {
    const { token } = await tenant.issue({ scopes: ['orders:*', 'api_keys:manage'] });
    expect(scopesOf((await follow((await linkBy(token)).code)).active)).toEqual(['orders:*', 'api_keys:manage']);
    const fewer = await linkBy(token, { scopes: ['orders:read'], expiresIn: 60 });
    expect(fewer.expiresAt).toEqual(tenant.in(MINUTE));
    expect(scopesOf((await follow(fewer.code)).active)).toEqual(['orders:read']);
    await expect(linkBy(token, { scopes: ['users:read'] })).rejects.toMatchObject({ code: 'api_key.scope_not_held' });
    expect(await tenant.events('escalation.denied')).toMatchObject([{ changes: { scopes: ['users:read'] } }]);
    expect(await tenant.events('console_link.created')).toHaveLength(2);
  });

  it('that a previous secret makes ends with it', async () => {
    const { apiKey, token } = await tenant.issue();
    await tenant.identity.rotateApiKey.execute(await tenant.grantor(), apiKey.id, 60);
    const { secret } = await follow((await linkBy(token)).code);
    tenant.identity.clock.advance(MINUTE);
    expect(await found(secret)).toBeNull();
  });

  it('is made by no session, which would never end by that', async () => {
    const { active } = await signIn();
    if (active.identity.kind !== 'tenant') throw new Error('It acts for an organization.');
    const { caller } = active.identity;
    const link = tenant.identity.createConsoleLink.byKey(tenant.owner.token, caller, {}, ORIGIN);
    await expect(link).rejects.toMatchObject({ code: 'console_link.from_session' });
  });
});
