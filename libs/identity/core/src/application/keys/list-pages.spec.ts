import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { Tenant } from '../../testing/tenant.js';
import type { ApiKey } from '../../domain/api-key.js';
import type { Page } from '../page.js';
import { KEYS_AT_ONCE } from './list-api-keys.js';

const KEYS = 12;

let identity: InMemoryIdentity;
let mine: Tenant;
let theirs: Tenant;

beforeEach(async () => {
  identity = new InMemoryIdentity();
  mine = await Tenant.create(identity);
  theirs = await Tenant.create(identity);
  for (let i = 1; i < KEYS; i += 1) {
    // Three of each instant: the list has to go on inside of one.
    if (i % 3 === 0) identity.clock.advance(1);
    await mine.issue({ name: `mine ${i}` });
    await theirs.issue({ name: `theirs ${i}` });
  }
});

type Fetch<Item> = (cursor: string | undefined) => Promise<Page<Item>>;

/** All pages, one after the other; `between` is done after each. */
async function walk<Item>(fetch: Fetch<Item>, between = async (): Promise<unknown> => undefined): Promise<Item[][]> {
  const pages: Item[][] = [];
  let cursor: string | undefined;
  while (pages.length < 1000) {
    const { items, next } = await fetch(cursor);
    pages.push([...items]);
    if (next === null) return pages;
    cursor = next;
    await between();
  }
  throw new Error('The pages never end.');
}

const keysOf = (tenant: Tenant, limit: number, includeRevoked = false) => {
  const listApiKeys = identity.listApiKeys;
  return async (cursor?: string): Promise<Page<ApiKey>> => {
    const { first, rest, next } = await listApiKeys.execute(tenant.organization.id, { limit, cursor, includeRevoked });
    const items = [...first];
    for await (const part of rest ?? []) items.push(...part);
    return { items, next };
  };
};

const revoke = async (id: string) =>
  identity.revokeApiKey.execute(mine.organization.id, id, (await mine.grantor()).actor);

describe('the pages of the key list', () => {
  it.each([1, 2, 5, 11, 12, 13, 1000])(
    'of %d keys show every key of the organization once, newest first (AZ2)',
    async (limit) => {
      for (const tenant of [mine, theirs]) {
        const pages = await walk(keysOf(tenant, limit));
        const keys = pages.flat();
        expect(keys).toHaveLength(KEYS);
        expect(new Set(keys.map(({ organizationId }) => organizationId))).toEqual(new Set([tenant.organization.id]));
        const places = keys.map(({ createdAt, id }) => `${createdAt.toISOString()} ${id}`);
        expect(places).toEqual([...new Set(places)].sort().reverse());
        // Each page is full but the last, and no page is empty.
        expect(pages.map((page) => page.length)).toEqual(
          Array.from({ length: Math.ceil(KEYS / limit) }, (_, i) => Math.min(limit, KEYS - i * limit)),
        );
      }
    },
  );

  it('are not disturbed by keys that are made meanwhile', async () => {
    const before = (await walk(keysOf(mine, 100))).flat();
    expect((await walk(keysOf(mine, 2), () => mine.issue())).flat()).toEqual(before);
  });

  it('go on behind a key that was revoked since', async () => {
    const first = await keysOf(mine, 2)();
    const last = first.items[1];
    await revoke(last?.id ?? '');
    const rest = await walk((cursor) => keysOf(mine, 2)(cursor ?? first.next ?? ''));
    expect(rest.flat()).toHaveLength(KEYS - 2);
  });

  it('have revoked keys in their place, when they are asked for', async () => {
    const all = (await walk(keysOf(mine, 100))).flat().map(({ id }) => id);
    await revoke(all[4] ?? '');
    const without = (await walk(keysOf(mine, 3))).flat().map(({ id }) => id);
    expect(without).toEqual(all.filter((id) => id !== all[4]));
    const including = (await walk(keysOf(mine, 3, true))).flat();
    expect(including.map(({ id }) => id)).toEqual(all);
    expect(including.filter(({ revokedAt }) => revokedAt !== null)).toHaveLength(1);
  });

  it('are those of the own organization, also with the cursor of another one', async () => {
    const { next } = await keysOf(theirs, 6)();
    const { items } = await keysOf(mine, 100)(next ?? '');
    expect(items.length).toBeGreaterThan(0);
    for (const { organizationId } of items) expect(organizationId).toBe(mine.organization.id);
  });
});

describe('a page of the key list that is read in parts', () => {
  const MANY = 3 * KEYS_AT_ONCE + 1;

  beforeEach(async () => {
    for (let i = KEYS; i < MANY; i += 1) {
      if (i % 3 === 0) identity.clock.advance(1);
      await mine.issue();
    }
  });

  const list = (limit: number, includeRevoked = false) =>
    identity.listApiKeys.execute(mine.organization.id, { limit, includeRevoked });
  const idsOf = (keys: readonly ApiKey[]) => keys.map(({ id }) => id);
  const ids = async () => idsOf(await identity.apiKeys.list(mine.organization.id));

  it.each([KEYS_AT_ONCE - 1, KEYS_AT_ONCE, KEYS_AT_ONCE + 1, 2 * KEYS_AT_ONCE, MANY - 1, MANY, 1000])(
    'has the keys of a page that is read at once: %d',
    async (limit) => {
      const { first, rest, next } = await list(limit);
      const parts = [first];
      for await (const part of rest ?? []) parts.push(part);
      expect(parts.every(({ length }) => length <= KEYS_AT_ONCE)).toBe(true);
      expect(rest === null).toBe(limit <= KEYS_AT_ONCE);
      expect(idsOf(parts.flat())).toEqual((await ids()).slice(0, limit));
      expect(next !== null).toBe(limit < MANY);
    },
  );

  it.each([
    ['many scopes', { scopes: Array.from({ length: 100 }, (_, index) => `resource${index}:${'x'.repeat(25)}`) }, 25],
    ['much metadata', { metadata: { text: 'x'.repeat(4000) } }, 23],
  ])('has fewer keys in a part where they have %s, whatever the first ones have', async (_what, much, withMany) => {
    for (let i = 0; i < 3 * KEYS_AT_ONCE + 1; i += 1) await mine.issue(much);
    for (let i = 0; i < KEYS_AT_ONCE; i += 1) await mine.issue();
    const { first, rest } = await list(1000);
    const parts: (readonly ApiKey[])[] = [];
    for await (const part of rest ?? []) parts.push(part);
    expect(first).toHaveLength(KEYS_AT_ONCE);
    expect(parts.slice(0, 3).map(({ length }) => length)).toEqual([KEYS_AT_ONCE, withMany, withMany]);
    expect(parts.flat()).toHaveLength(3 * KEYS_AT_ONCE + 1 + MANY);
  });

  it.each([true, false])(
    'has every key once that is there all the time, and its cursor loses none: with revoked keys %s',
    async (includeRevoked) => {
      const before = await ids();
      const { first, rest, next } = await list(MANY - 10, includeRevoked);
      const listed = idsOf(first);
      for await (const part of rest ?? []) {
        listed.push(...idsOf(part));
        await mine.issue();
        await revoke(listed.at(-1) ?? '');
        await revoke(before[MANY - 30] ?? '').catch(() => undefined);
      }
      const { items } = await keysOf(mine, 1000, includeRevoked)(next ?? '');
      listed.push(...idsOf(items));
      expect(new Set(listed).size).toBe(listed.length);
      const doomed = includeRevoked ? '' : before[MANY - 30];
      expect(listed).toEqual(before.filter((id) => id !== doomed));
    },
  );

  it('reads no more once nobody takes it', async () => {
    const { rest } = await list(1000);
    await rest?.next();
    await rest?.return();
    identity.apiKeys.list = () => Promise.reject(new Error('read on'));
    await expect(rest?.next()).resolves.toEqual({ done: true, value: undefined });
  });
});

describe('the pages of the audit log', () => {
  const eventsOf = (limit: number, filter: object = {}) => {
    const listAuditEvents = identity.listAuditEvents;
    return (cursor?: string) => listAuditEvents.execute(mine.organization.id, { limit, cursor, ...filter });
  };

  it.each([1, 5, 12, 50])('of %d events show every event of the organization once, newest first', async (limit) => {
    const events = (await walk(eventsOf(limit))).flat();
    const written = identity.store.auditEvents.filter((event) => event.organizationId === mine.organization.id);
    expect(events).toEqual([...written].reverse());
    expect(events).toHaveLength(KEYS);
  });

  it('are not disturbed by events that happen meanwhile', async () => {
    const before = (await walk(eventsOf(100))).flat();
    expect((await walk(eventsOf(3), () => mine.issue())).flat()).toEqual(before);
  });

  it('show events of one key, or of one type, where these are asked for', async () => {
    const { apiKey } = await mine.issue();
    await revoke(apiKey.id);
    const ofKey = (await walk(eventsOf(1, { apiKeyId: apiKey.id }))).flat();
    expect(ofKey.map(({ type }) => type)).toEqual(['api_key.revoked', 'api_key.created']);
    const ofType = (await walk(eventsOf(2, { type: 'api_key.revoked' }))).flat();
    expect(ofType.map(({ apiKeyId }) => apiKeyId)).toEqual([apiKey.id]);
    expect(await walk(eventsOf(2, { apiKeyId: theirs.owner.apiKey.id }))).toEqual([[]]);
  });
});

it.each(['', 'junk', 'MC4'])('a cursor that is none is refused by both lists: %j', async (cursor) => {
  const refused = { code: 'cursor.invalid' };
  const { id } = mine.organization;
  await expect(keysOf(mine, 1)(cursor)).rejects.toMatchObject(refused);
  await expect(identity.listAuditEvents.execute(id, { limit: 1, cursor })).rejects.toMatchObject(refused);
});
