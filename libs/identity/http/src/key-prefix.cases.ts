import { aNewImportedApiKey } from '@feather-identity/core/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AUDIT_EVENTS, auditPage } from '../testing/audit.js';
import { createTenant, type Host, startHost, type Tenant } from '../testing/host.js';
import { type CreatedKey, created, rotated, secretPart } from '../testing/keys.js';
import { nextPage } from '../testing/link-header.js';
import { type Answer, KEYS, send } from '../testing/requests.js';

interface ListedKey {
  readonly id: string;
  readonly key_prefix: string;
  readonly revoked_at?: string | null;
}

describe('the key_prefix of a leaked key', () => {
  let host: Host;
  let tenant: Tenant;
  let other: Tenant;
  let leaked: CreatedKey;
  /** Every answer that showed a token of it, oldest first. A rotation has removed the second secret. */
  let secrets: CreatedKey[];

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
    other = await createTenant(host, 'Other');
    await created(host, tenant.key);
    leaked = await created(host, tenant.key, { name: 'leaked' });
    secrets = [leaked];
    for (let rotation = 0; rotation < 3; rotation += 1) {
      host.identity.clock.advance(1000);
      secrets.push(await rotated(host, tenant.key, leaked.id));
    }
  });

  afterAll(() => host.app.close());

  const get = (path: string, { key } = tenant): Promise<Answer> => send(host, 'GET', path, { key });
  const list = async (query: string, by = tenant) => (await get(`${KEYS}?${query}`, by)).body as ListedKey[];

  it('finds the key by each secret that it ever had, and no other organization finds it', async () => {
    for (const { key_prefix: prefix } of secrets) {
      const shown = await list(`key_prefix=${prefix}`);
      expect(shown).toEqual([
        expect.objectContaining({ id: leaked.id, key_prefix: secrets.at(-1)?.key_prefix, revoked_at: null }),
      ]);
      expect(await list(`key_prefix=${prefix}`, other)).toEqual([]);
      expect((await auditPage(host, other.key, `?key_prefix=${prefix}`)).items).toEqual([]);
    }
    expect(await list('key_prefix=fth_test_unknown1')).toEqual([]);
    expect(await list('key_prefix=nonsense&key_prefix=fth_test_unknown1')).toEqual([]);
  });

  it('finds everything that happened to the key, whichever of its secrets is named', async () => {
    const { items } = await auditPage(host, tenant.key, `?api_key_id=${leaked.id}`);
    expect(items.map(({ key_prefix }) => key_prefix)).toEqual(secrets.map(({ key_prefix }) => key_prefix).reverse());
    for (const { key_prefix: prefix } of secrets) {
      expect((await auditPage(host, tenant.key, `?key_prefix=${prefix}`)).items).toEqual(items);
      const first = await auditPage(host, tenant.key, `?key_prefix=${prefix}&limit=3`);
      const second = await auditPage(host, tenant.key, `?key_prefix=${prefix}&cursor=${first.next_cursor ?? ''}`);
      expect([...first.items, ...second.items]).toEqual(items);
    }
    expect((await auditPage(host, tenant.key, '?key_prefix=fth_test_unknown1')).items).toEqual([]);
  });

  it('finds a revoked key, unless revoked keys are left out', async () => {
    const revoked = await created(host, tenant.key);
    await send(host, 'DELETE', `${KEYS}/${revoked.id}`, { key: tenant.key });
    const query = `key_prefix=${revoked.key_prefix}`;
    for (const more of ['', '&include_revoked=true']) {
      expect(await list(query + more)).toMatchObject([{ id: revoked.id, revoked_at: expect.stringMatching(/Z$/) }]);
    }
    expect(await list(`${query}&include_revoked=false`)).toEqual([]);
    const [event] = (await auditPage(host, tenant.key, `?${query}`)).items;
    expect(event).toMatchObject({ type: 'api_key.revoked', key_prefix: revoked.key_prefix });
  });

  it('stays in the Link to the next page', async () => {
    const again = await created(host, tenant.key);
    const { store } = host.identity;
    const stored = [...store.secrets.values()].find(({ apiKeyId }) => apiKeyId === again.id);
    const removed = secrets[1]?.key_prefix ?? '';
    // Nothing keeps a public part from being drawn again once its secret is removed.
    store.secrets.set(stored?.id ?? '', { ...stored!, keyPrefix: removed });
    const first = await get(`${KEYS}?key_prefix=${removed}&limit=1`);
    const next = nextPage(first.headers, KEYS) ?? '';
    const second = await get(next);
    expect([first.body, second.body]).toMatchObject([[{ id: again.id }], [{ id: leaked.id }]]);
    expect(nextPage(second.headers, KEYS)).toBeNull();
  });

  const tooLong = (max_length: number) => ({
    type: 'string_too_long',
    msg: `String should have at most ${max_length} characters`,
    ctx: { max_length },
  });
  const pattern = { type: 'string_pattern_mismatch', msg: "String should match pattern '^[!-~]+$'" };
  const FAULTS: Readonly<Record<string, [() => string, object]>> = {
    'a whole token': [() => leaked.plain_text_key, tooLong(17)],
    'one of a removed secret': [() => secrets[1]?.plain_text_key ?? '', tooLong(17)],
    'a token that was cut off': [() => leaked.plain_text_key.slice(0, 25), tooLong(17)],
    'a token of another environment': [() => leaked.plain_text_key.replace('_test_', '_live_'), tooLong(17)],
    'a long key of another system': [() => `sk-${leaked.plain_text_key.slice(17)}${'x'.repeat(30)}`, tooLong(64)],
    'a part of a token with a space': [
      () => `${leaked.plain_text_key.slice(20)} `,
      { ...pattern, ctx: { pattern: '^[!-~]+$' } },
    ],
    'a NUL': [() => '\0', { ...pattern, ctx: { pattern: '^[!-~]+$' } }],
    nothing: [
      () => '',
      { type: 'string_too_short', msg: 'String should have at least 1 character', ctx: { min_length: 1 } },
    ],
  };

  it.each(Object.entries(FAULTS))(
    'is 422 in the shape of FastAPI for more than a public part, and nothing repeats it: %s',
    async (_what, [text, fault]) => {
      for (const path of [KEYS, AUDIT_EVENTS]) {
        const lines = host.logger.lines.length;
        const answer = await get(`${path}?limit=1&key_prefix=${encodeURIComponent(text())}`);
        expect([answer.status, answer.body]).toEqual([422, { detail: [{ ...fault, loc: ['query', 'key_prefix'] }] }]);
        const all = `${JSON.stringify([...answer.headers])} ${answer.text} ${host.logger.lines.slice(lines).join()}`;
        for (const { plain_text_key: token } of secrets) expect(all).not.toContain(secretPart(token).slice(3, 8));
      }
    },
  );

  it.each([
    ['a part of one', () => leaked.key_prefix.slice(0, -1), 17],
    ['one of another environment', () => 'fth_live_abc', 17],
    ['the namespace alone', () => 'fth_', 17],
    ['one of an operator', () => 'fth_operator_1234567', 21],
  ])(
    'is 422 where it was cut off, and not the answer that there never was such a key: %s',
    async (_what, cut, least) => {
      for (const path of [KEYS, AUDIT_EVENTS]) {
        const answer = await get(`${path}?key_prefix=${cut()}`);
        const fault = { type: 'string_too_short', loc: ['query', 'key_prefix'], ctx: { min_length: least } };
        expect([answer.status, answer.body]).toMatchObject([422, { detail: [fault] }]);
      }
    },
  );

  it('may be as short if an imported key has it', async () => {
    const keyPrefix = 'fth_old';
    await host.identity.apiKeys.insertImported([aNewImportedApiKey(tenant.owner, { keyPrefix })]);
    expect(await list(`key_prefix=${keyPrefix}`)).toMatchObject([{ key_prefix: keyPrefix }]);
  });

  it('is looked at after the key that asks', async () => {
    const query = `?key_prefix=${leaked.plain_text_key}`;
    const reader = await created(host, tenant.key, { name: 'reader', scopes: ['orders:read'] });
    for (const path of [KEYS, AUDIT_EVENTS]) {
      expect(await send(host, 'GET', path + query)).toMatchObject({ status: 401 });
      expect(await send(host, 'GET', path + query, { key: reader.plain_text_key })).toMatchObject({ status: 403 });
    }
  });
});
