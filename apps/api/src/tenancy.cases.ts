import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TokenFormat } from '@feather-identity/core';
import { DATABASES } from '../testing/databases.js';
import { call, readOperations } from '../testing/operations.js';
import { created, KEYS, send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startService, type Tenant } from '../testing/service.js';
import { storedRows } from '../testing/stored-rows.js';

const UNKNOWN = '0198ffff-0000-7000-8000-000000000001';
const KEYS_EACH = 1000;

describe.each(DATABASES)('two organizations on %s', (type) => {
  let service: Service;
  let ours: Tenant;
  let theirs: Tenant;

  beforeAll(async () => {
    service = await startService(type, process.env);
    ours = await createTenant(service, 'Ours');
    theirs = await createTenant(service, 'Theirs');
  });

  afterAll(() => service.close());

  /** The ids of all pages of a list, and how many pages there were. */
  async function listed(key: string, query: string): Promise<{ ids: string[]; pages: number }> {
    const ids: string[] = [];
    let path: string | undefined = `${KEYS}${query}`;
    for (let pages = 0; ; pages += 1) {
      if (path === undefined) return { ids, pages };
      const { body, headers } = await send(service, 'GET', path, { key });
      ids.push(...(body as { id: string }[]).map(({ id }) => id));
      const next = /^<api-keys(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
      path = next && KEYS + next;
    }
  }

  it('answer every operation on a key of the other as on an unknown one, and leave it alone (AZ1)', async () => {
    const foreign = await created(service, theirs.key);
    const before = await storedRows(service);
    const operations = (await readOperations(service)).filter(({ path }) => path.includes('{key_id}'));
    expect(operations.map(({ method }) => method).sort()).toEqual(['DELETE', 'GET', 'PATCH', 'POST']);
    for (const operation of operations) {
      const refused = await call(service, operation, ours.key, foreign);
      const unknown = await call(service, operation, ours.key, { ...foreign, id: UNKNOWN });
      expect([operation.name, refused.status, refused.text]).toEqual([operation.name, 404, unknown.text]);
      expect([...refused.headers.keys()]).toEqual([...unknown.headers.keys()]);
    }
    expect(await storedRows(service)).toEqual(before);
    expect((await send(service, 'GET', WHOAMI, { key: foreign.plain_text_key })).status).toBe(200);
  });

  it('are told nothing of a key of the other that they are shown (AZ1)', async () => {
    const { plain_text_key: key } = await created(service, theirs.key);
    const wrongSecret = new TokenFormat('fth', 'live').compose(key.slice(9, 17), 's'.repeat(32)).reveal();
    for (const shown of [key, wrongSecret, 'junk']) {
      const { status, text } = await send(service, 'POST', `${KEYS}/verify`, { key: ours.key, body: { key: shown } });
      expect([status, text]).toEqual([200, '{"valid":false,"reason":"not_found"}']);
    }
  });

  it('see their own keys alone among interleaved ones, whatever they ask for (AZ2)', async () => {
    const ownIds = await interleavedKeys();
    for (const [tenant, other] of [
      [ours, theirs],
      [theirs, ours],
    ] as const) {
      const { id } = other.organization;
      for (const [query, pages] of [
        ['', 2],
        [`?organization_id=${id}`, 2],
        [`?org_id=${id}&organizationId=${id}&include_revoked=true`, 2],
        [`?limit=97&organization_id=${id}`, 11],
      ] as const) {
        const found = await listed(tenant.key, query);
        expect([query, found.pages, found.ids.length]).toEqual([query, pages, ownIds.get(tenant)?.size]);
        expect(new Set(found.ids)).toEqual(ownIds.get(tenant));
      }
    }
  });

  it('get their own keys alone behind a cursor that the other was given (AZ2)', async () => {
    const { headers } = await send(service, 'GET', `${KEYS}?limit=500`, { key: theirs.key });
    const [, query = ''] = /(\?.+)>/.exec(headers.get('link') ?? '') ?? [];
    const own = new Set((await listed(ours.key, '')).ids);
    const { ids } = await listed(ours.key, query);
    expect(ids.length).toBeGreaterThan(400);
    expect(ids.filter((id) => !own.has(id))).toEqual([]);
  });

  /** Stores `KEYS_EACH` keys a tenant, one by one in turn, and gives the ids of each. */
  async function interleavedKeys(): Promise<Map<Tenant, Set<string>>> {
    const owned = new Map<Tenant, Set<string>>();
    for (const tenant of [ours, theirs]) owned.set(tenant, new Set((await listed(tenant.key, '')).ids));
    const rows = Array.from({ length: 2 * KEYS_EACH }, (_, index) => {
      const tenant = index % 2 === 0 ? ours : theirs;
      const id = `0198eeee-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
      owned.get(tenant)?.add(id);
      return {
        id,
        organizationId: tenant.organization.id,
        memberId: tenant.apiKey.memberId,
        name: 'CI',
        keyPrefix: `fth_live_${index.toString().padStart(8, '0')}`,
        scopes: '[]',
        unrestricted: true,
        createdAt: new Date(1_760_000_000_000 + index),
      };
    });
    const repository = service.identity.dataSource.getRepository('ApiKeyRow');
    for (let start = 0; start < rows.length; start += 500) await repository.insert(rows.slice(start, start + 500));
    return owned;
  }
});
