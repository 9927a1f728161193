import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { type CreatedKey, created, rotated, secretPart } from '../../testing/keys.js';
import { E401, KEYS, send, WHOAMI } from '../../testing/requests.js';

const UNKNOWN = '0198ffff-0000-7000-8000-000000000001';
const GRACE = { grace_period_seconds: 60 };

describe('POST /v1/identity/api-keys/{key_id}/rotate', () => {
  let host: Host;
  let tenant: Tenant;
  let made: CreatedKey;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  beforeEach(async () => {
    host.identity.clock.set(new Date('2026-03-01T00:00:00Z'));
    made = await created(host, tenant.key, { name: 'CI', scopes: ['a:read'], expires_at: '2027-01-01' });
  });

  afterAll(() => host.app.close());

  const rotate = (id: string, body?: unknown) => send(host, 'POST', `${KEYS}/${id}/rotate`, { key: tenant.key, body });
  const whoAmI = (key: string) => send(host, 'GET', WHOAMI, { key });
  const statusesOf = async (...keys: string[]) => Promise.all(keys.map(async (key) => (await whoAmI(key)).status));

  it('answers the same key with a new plain text, which stands there once and is not to be stored (KH10)', async () => {
    const before = (await send(host, 'GET', `${KEYS}/${made.id}`, { key: tenant.key })).body as object;
    const { status, headers, text, body } = await rotate(made.id, GRACE);
    const { key_prefix, plain_text_key, ...rest } = body as Record<string, string>;
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(key_prefix).toMatch(/^fth_test_[0-9A-Za-z]{8}$/);
    expect(key_prefix).not.toBe(made.key_prefix);
    expect(plain_text_key).toMatch(new RegExp(`^${key_prefix ?? ''}[0-9A-Za-z]{38}$`));
    expect(text.split(secretPart(plain_text_key ?? ''))).toHaveLength(2);
    expect(rest).toEqual({
      ...before,
      key_prefix: undefined,
      previous_secret_expires_at: '2026-03-01T00:01:00Z',
    });
  });

  it('accepts the old secret until the grace period ends, to the millisecond, and the new one at once', async () => {
    const next = await rotated(host, tenant.key, made.id, GRACE);
    expect(await statusesOf(made.plain_text_key, next.plain_text_key)).toEqual([200, 200]);
    host.identity.clock.advance(59_999);
    expect(await statusesOf(made.plain_text_key, next.plain_text_key)).toEqual([200, 200]);
    host.identity.clock.advance(1);
    expect(await statusesOf(made.plain_text_key, next.plain_text_key)).toEqual([401, 200]);
  });

  it('keeps who it is, whichever secret is shown', async () => {
    const next = await rotated(host, tenant.key, made.id, GRACE);
    const [old, now] = [await whoAmI(made.plain_text_key), await whoAmI(next.plain_text_key)];
    expect(old.text).toBe(now.text);
    expect(now.body).toMatchObject({ api_key: { id: made.id, key_prefix: next.key_prefix, scopes: ['a:read'] } });
  });

  it.each([[undefined], ['null'], [{}], [{ grace_period_seconds: 0 }]])(
    'refuses the old secret from the next request on where no grace was asked for: %j',
    async (body) => {
      expect(await statusesOf(made.plain_text_key)).toEqual([200]);
      const next = await rotated(host, tenant.key, made.id, body);
      expect(next.previous_secret_expires_at).toBeNull();
      const { status, body: refusal } = await whoAmI(made.plain_text_key);
      expect([status, refusal]).toEqual([401, E401]);
      expect(await statusesOf(next.plain_text_key)).toEqual([200]);
    },
  );

  it('ends a grace period that runs when it is asked to end all of them, as after a leak', async () => {
    const second = await rotated(host, tenant.key, made.id, { grace_period_seconds: 2_592_000 });
    const third = await rotated(host, tenant.key, made.id);
    expect(await statusesOf(made.plain_text_key, second.plain_text_key, third.plain_text_key)).toEqual([401, 401, 200]);
  });

  it('never prolongs a grace period that runs', async () => {
    const second = await rotated(host, tenant.key, made.id, GRACE);
    const third = await rotated(host, tenant.key, made.id, { grace_period_seconds: 3600 });
    expect(third.previous_secret_expires_at).toBe('2026-03-01T01:00:00Z');
    host.identity.clock.advance(60_000);
    expect(await statusesOf(made.plain_text_key, second.plain_text_key, third.plain_text_key)).toEqual([401, 200, 200]);
  });

  it('answers 409 when ten secrets are valid, and one without a grace period ends them', async () => {
    for (let round = 0; round < 9; round += 1) await rotated(host, tenant.key, made.id, GRACE);
    expect(await rotate(made.id, GRACE)).toMatchObject({ status: 409, body: { error: 'conflict' } });
    expect((await rotate(made.id)).status).toBe(200);
    expect((await rotate(made.id, GRACE)).status).toBe(200);
  });

  it('lets a key rotate itself, by an earlier secret as well, and does not make it live longer', async () => {
    const { plain_text_key: key, id } = await created(host, tenant.key, { name: 'self', expires_at: '2026-03-02' });
    const next = await rotated(host, key, id, GRACE);
    expect(next).toMatchObject({ expires_at: '2026-03-02T00:00:00Z' });
    const last = await rotated(host, key, id);
    expect(await statusesOf(key, next.plain_text_key, last.plain_text_key)).toEqual([401, 401, 200]);
  });

  it('answers 409 where the new token would be refused from the start, and says what to do', async () => {
    const update = (body: object) => send(host, 'PATCH', `${KEYS}/${made.id}`, { key: tenant.key, body });
    await update({ is_active: false });
    const disabled = await rotate(made.id, GRACE);
    const enable = 'The API key is disabled. Enable it first: its new token would be refused.';
    expect([disabled.status, disabled.body]).toEqual([409, { error: 'conflict', message: enable }]);
    await update({ is_active: true });
    host.identity.clock.set(new Date('2027-01-01T00:00:00Z'));
    const expired = await rotate(made.id);
    const prolong = 'The API key has expired. Give it a later expires_at first: its new token would be refused.';
    expect([expired.status, expired.body]).toEqual([409, { error: 'conflict', message: prolong }]);
    await update({ expires_at: '2027-02-01' });
    const { members } = host.identity.hostOrganizations;
    const user = { externalId: 'user_1' };
    const { hostApiKeys } = host.identity;
    const of = { organizationId: tenant.organization.id, scopes: ['a:read'], name: 'theirs' };
    const { apiKey } = await hostApiKeys.issue({ ...of, user });
    await members.disable(of.organizationId, user.externalId);
    const refused = await rotate(apiKey.id);
    const owner = 'The member of the key is disabled: its keys are refused. Enable the member first.';
    expect([refused.status, refused.body]).toEqual([409, { error: 'conflict', message: owner }]);
    await expect(hostApiKeys.rotate({ organizationId: of.organizationId, id: apiKey.id })).rejects.toMatchObject({
      code: 'member.disabled',
    });
    await members.enable(of.organizationId, user.externalId);
    expect((await rotate(apiKey.id)).status).toBe(200);
    expect((await rotate(made.id)).status).toBe(200);
  });

  it('answers one and the same 404 for an unknown, a foreign and a revoked key (AZ1)', async () => {
    const other = await createTenant(host, 'Other');
    await send(host, 'DELETE', `${KEYS}/${made.id}`, { key: tenant.key });
    const answers = [await rotate(UNKNOWN), await rotate(other.apiKey.id), await rotate(made.id)];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await statusesOf(other.key)).toEqual([200]);
  });
});
