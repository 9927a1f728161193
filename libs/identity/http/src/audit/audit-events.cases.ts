import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { auditPage, recordedBy } from '../../testing/audit.js';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { type CreatedKey, created, rotated } from '../../testing/keys.js';
import { KEYS, send } from '../../testing/requests.js';

const POLICY = '/v1/identity/policy';

describe('the audit log', () => {
  let host: Host;
  let tenant: Tenant;
  let manager: CreatedKey;
  let target: CreatedKey;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
    const scopes = ['a:read', 'api_keys:*', 'policies:manage'];
    manager = await created(host, tenant.key, { name: 'manager', scopes, expires_at: '2027-01-01' });
  });

  beforeEach(async () => {
    target = await created(host, tenant.key, { name: 'target', scopes: ['a:read'], expires_at: '2026-12-01' });
  });

  afterAll(() => host.app.close());

  const ask = (method: string, path: string, body?: unknown) =>
    send(host, method, path, { key: manager.plain_text_key, body });
  const recorded = (doing: () => Promise<unknown>) => recordedBy(host, tenant.key, doing);
  const update = (body: object) => recorded(() => ask('PATCH', `${KEYS}/${target.id}`, body));

  it('tells of a change who made it, to what, when, from where and by which request', async () => {
    const events = await update({ name: 'renamed' });
    expect(events).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        type: 'api_key.updated',
        occurred_at: '2026-01-02T03:04:05.678000Z',
        actor_type: 'api_key',
        actor_name: null,
        actor_api_key_id: manager.id,
        actor_user_id: tenant.owner.id,
        api_key_id: target.id,
        key_prefix: target.key_prefix,
        request_id: expect.stringMatching(/./),
        source_address: '127.0.0.1',
        changes: { name: 'renamed' },
      },
    ]);
    const [next] = await update({ name: 'again' });
    expect(next?.request_id).not.toBe(events[0]?.request_id);
  });

  it.each<[object, string, object]>([
    [
      { name: 'new', scopes: ['a:read', 'api_keys:*'] },
      'api_key.updated',
      { name: 'new', scopes: ['a:read', 'api_keys:*'] },
    ],
    [{ expires_at: '2026-06-01T00:00:00.25Z' }, 'api_key.updated', { expires_at: '2026-06-01T00:00:00.250000Z' }],
    [{ is_active: false, name: 'target' }, 'api_key.disabled', { is_active: false }],
    [{ is_active: false, name: 'off' }, 'api_key.disabled', { is_active: false, name: 'off' }],
  ])('holds one event with what was changed, and nothing else: %j', async (body, type, changes) => {
    expect(await update(body)).toMatchObject([{ type, api_key_id: target.id }]);
    expect((await auditPage(host, tenant.key)).items[0]?.changes).toEqual(changes);
  });

  it('holds one event for each step in the life of a key', async () => {
    let made: CreatedKey = target;
    const events = await recorded(async () => {
      made = await created(host, manager.plain_text_key, { name: 'CI', scopes: ['a:read'], expires_at: '2026-07-01' });
      await ask('PATCH', `${KEYS}/${made.id}`, { is_active: false });
      await ask('PATCH', `${KEYS}/${made.id}`, { is_active: true });
      await rotated(host, manager.plain_text_key, made.id, { grace_period_seconds: 60 });
      await ask('DELETE', `${KEYS}/${made.id}`);
    });
    const prefix = host.identity.store.apiKeys.get(made.id)?.keyPrefix;
    expect(events.map(({ type, api_key_id, changes }) => [type, api_key_id, changes])).toEqual([
      ['api_key.created', made.id, { name: 'CI', scopes: ['a:read'], expires_at: '2026-07-01T00:00:00Z' }],
      ['api_key.disabled', made.id, { is_active: false }],
      ['api_key.enabled', made.id, { is_active: true }],
      [
        'api_key.rotated',
        made.id,
        { key_prefix: prefix, previous_key_prefix: made.key_prefix, grace_period_seconds: 60 },
      ],
      ['api_key.revoked', made.id, {}],
    ]);
    expect(events.every(({ actor_api_key_id }) => actor_api_key_id === manager.id)).toBe(true);
    const before = made.key_prefix;
    expect(events.map(({ key_prefix }) => key_prefix)).toEqual([before, before, before, prefix, prefix]);
  });

  it('holds one event for a policy that was changed, and none for one that was not', async () => {
    const events = await recorded(async () => {
      await ask('PATCH', POLICY, { max_lifetime_days: 400, expiry_required: false });
      await ask('PATCH', POLICY, { max_lifetime_days: 400 });
      await ask('PATCH', POLICY, { max_lifetime_days: null });
    });
    expect(events.map(({ type, api_key_id, changes }) => [type, api_key_id, changes])).toEqual([
      ['policy.updated', null, { max_lifetime_days: 400 }],
      ['policy.updated', null, { max_lifetime_days: null }],
    ]);
  });

  it('holds what was asked for and denied, once for each attempt to get more than one has', async () => {
    const body = { name: 'evil', scopes: ['*'], expires_at: '2026-07-01' };
    const events = await recorded(async () => {
      for (const [method, path, sent] of [
        ['POST', KEYS, body],
        ['POST', KEYS, { name: 'endless' }],
        ['PATCH', `${KEYS}/${target.id}`, { scopes: ['z:z'], is_active: true }],
        ['POST', `${KEYS}/${tenant.apiKey.id}/rotate`, undefined],
      ] as const) {
        expect((await ask(method, path, sent)).status).toBe(403);
      }
    });
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['escalation.denied']));
    expect(events.map(({ api_key_id, changes }) => [api_key_id, changes])).toEqual([
      [null, { ...body, expires_at: '2026-07-01T00:00:00Z' }],
      [null, { name: 'endless', scopes: [], expires_at: null }],
      [target.id, { scopes: ['z:z'], is_active: true }],
      [tenant.apiKey.id, { grace_period_seconds: 0 }],
    ]);
  });

  it('holds nothing of what was refused otherwise, changed nothing, or only looked', async () => {
    const events = await recorded(async () => {
      const unknown = '0198ffff-0000-7000-8000-000000000001';
      await ask('PATCH', `${KEYS}/${target.id}`, {});
      await ask('PATCH', `${KEYS}/${target.id}`, { name: null });
      await ask('PATCH', `${KEYS}/${unknown}`, { name: 'x' });
      await ask('DELETE', `${KEYS}/${unknown}`);
      await ask('POST', KEYS, { name: '' });
      await ask('POST', `${KEYS}/verify`, { key: tenant.key });
      await ask('GET', '/v1/identity/audit-events');
      await ask('GET', '/v1/identity/authorize?scope=z:z');
    });
    expect(events).toEqual([]);
  });

  it('holds one event for a key that many revoke at once, and one of them gets 204 (RV10)', async () => {
    const statuses: number[] = [];
    const events = await recorded(async () => {
      const requests = Array.from({ length: 16 }, () => ask('DELETE', `${KEYS}/${target.id}`));
      statuses.push(...(await Promise.all(requests)).map(({ status }) => status));
    });
    expect(statuses.sort()).toEqual([204, ...Array<number>(15).fill(404)]);
    expect(events.map(({ type }) => type)).toEqual(['api_key.revoked']);
  });
});
