import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from '../testing/databases.js';
import { created, KEYS, send, WHOAMI } from '../testing/requests.js';
import { foundTenant, type Service, startService, type Tenant } from '../testing/service.js';

const UNKNOWN = '0198ffff-0000-7000-8000-000000000001';
const KEYS_EACH = 1000;

describe.each(DATABASES)('two organizations on %s', (type) => {
  let service: Service;
  let ours: Tenant;
  let theirs: Tenant;

  beforeAll(async () => {
    service = await startService(type, process.env);
    ours = await foundTenant(service, 'Ours');
    theirs = await foundTenant(service, 'Theirs');
  });

  afterAll(() => service.close());

  const listed = async ({ key }: Tenant, query = '') =>
    (await send(service, 'GET', `${KEYS}${query}`, { key })).body as { id: string }[];

  it("answer a DELETE of the other's key as one of an unknown key, and leave it alone (AZ1)", async () => {
    const { id, plain_text_key: key } = await created(service, theirs.key);
    const row = () => service.persistence.dataSource.query('SELECT * FROM api_keys ORDER BY id');
    const before: unknown = await row();
    const foreign = await send(service, 'DELETE', `${KEYS}/${id}`, { key: ours.key });
    const unknown = await send(service, 'DELETE', `${KEYS}/${UNKNOWN}`, { key: ours.key });
    expect([foreign.status, foreign.text]).toEqual([404, unknown.text]);
    expect([...foreign.headers.keys()]).toEqual([...unknown.headers.keys()]);
    expect(await row()).toEqual(before);
    expect((await send(service, 'GET', WHOAMI, { key })).status).toBe(200);
  });

  it('see their own keys alone among interleaved ones, whatever they ask for (AZ2)', async () => {
    const ownIds = await interleavedKeys();
    for (const [tenant, other] of [
      [ours, theirs],
      [theirs, ours],
    ] as const) {
      const { id } = other.organization;
      for (const query of ['', `?organization_id=${id}`, `?org_id=${id}&organizationId=${id}`]) {
        const ids = (await listed(tenant, query)).map((key) => key.id);
        expect(new Set(ids)).toEqual(ownIds.get(tenant));
        expect(ids).toHaveLength(ownIds.get(tenant)?.size ?? 0);
      }
    }
  });

  /** Stores `KEYS_EACH` keys a tenant, one by one in turn, and gives the ids of each. */
  async function interleavedKeys(): Promise<Map<Tenant, Set<string>>> {
    const owned = new Map<Tenant, Set<string>>();
    for (const tenant of [ours, theirs]) owned.set(tenant, new Set((await listed(tenant)).map(({ id }) => id)));
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
    const repository = service.persistence.dataSource.getRepository('ApiKeyRow');
    for (let start = 0; start < rows.length; start += 500) await repository.insert(rows.slice(start, start + 500));
    return owned;
  }
});
