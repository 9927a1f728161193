import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { InMemoryStore } from '../../testing/fakes/in-memory-store.js';
import { InMemoryUsageCounts } from '../../testing/fakes/in-memory-usage-counts.js';
import type { ApiKey } from '../../domain/api-key.js';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { type CountedHour, USAGE_OUTCOMES } from '../ports/usage-counts.js';
import { NO_USAGE, requestsOf } from '../usage/usage-totals.js';
import { UsageCounters } from './usage-counters.js';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-03-01T10:00:00.000Z');
const at = (hours: number, ms = 0) => new Date(START + hours * HOUR_MS + ms);

/** Records what is added, and fails where it is told to. */
class RecordingCounts extends InMemoryUsageCounts {
  readonly added: CountedHour[][] = [];
  /** Batches that are taken until one fails. */
  accepts = Infinity;
  duringAdd = (): void => undefined;

  override async add(counted: readonly CountedHour[]): Promise<void> {
    this.duringAdd();
    if (this.added.length >= this.accepts) throw new Error('storage is down');
    this.added.push(counted.map((each) => ({ ...each })));
  }
}

let counts: RecordingCounts;
let counters: UsageCounters;

beforeEach(() => {
  counts = new RecordingCounts(new InMemoryStore());
  counters = new UsageCounters(counts);
});

const key = (n: number) => ({ id: `key-${n}`, organizationId: 'org' });
const added = () => counts.added.flat();

describe('counting requests', () => {
  it('makes one entry of a key and hour, with what became of its requests', async () => {
    for (const outcome of USAGE_OUTCOMES) counters.count(key(1), outcome, at(0));
    counters.count(key(1), 'accepted', at(0, HOUR_MS - 1));
    counters.count(key(2), 'refusedScope', at(0));
    counters.count(key(1), 'accepted', at(1));
    await counters.flush();
    const each = { apiKeyId: 'key-1', organizationId: 'org', startsAt: at(0) };
    expect(added()).toEqual([
      { ...each, accepted: 2, refusedState: 1, refusedAddress: 1, refusedLimit: 1, refusedScope: 1 },
      { ...each, ...NO_USAGE, startsAt: at(1), accepted: 1 },
      { ...each, ...NO_USAGE, apiKeyId: 'key-2', refusedScope: 1 },
    ]);
  });

  it('goes on in an hour that comes again, where a clock was put back', async () => {
    for (const hour of [0, 1, 0, 1]) counters.count(key(1), 'accepted', at(hour));
    await counters.flush();
    expect(added().map(({ startsAt, accepted }) => [startsAt, accepted])).toEqual([
      [at(0), 2],
      [at(1), 2],
    ]);
  });

  it('writes nothing twice, and nothing at all where there is nothing', async () => {
    await counters.flush();
    counters.count(key(1), 'accepted', at(0));
    await counters.flush();
    await counters.flush();
    expect(counts.added).toHaveLength(1);
  });

  it('takes back what a handler refuses for a scope after all, also once it is written', async () => {
    counters.count(key(1), 'accepted', at(0));
    await counters.flush();
    counters.refuseAccepted(key(1), at(0));
    await counters.flush();
    const sums = added().map(({ accepted, refusedScope }) => [accepted, refusedScope]);
    expect(sums).toEqual([
      [1, 0],
      [-1, 1],
    ]);
  });
});

describe('a flush', () => {
  it('adds so many entries at once, each of them once', async () => {
    for (let n = 0; n < 250; n += 1) counters.count(key(n), 'accepted', at(0));
    await counters.flush();
    expect(counts.added.map((batch) => batch.length)).toEqual([100, 100, 50]);
    expect(new Set(added().map(({ apiKeyId }) => apiKeyId)).size).toBe(250);
  });

  it('adds the keys of an organization together, in the order of their ids, in which stores keep them', async () => {
    const used = ['b-4', 'a-3', 'b-2', 'a-1', 'b-1'];
    for (const name of used) counters.count({ id: name, organizationId: name.slice(0, 1) }, 'accepted', at(0));
    await counters.flush();
    expect(added().map(({ apiKeyId }) => apiKeyId)).toEqual(used.toSorted());
  });

  it('that fails in the middle adds nothing again that is stored, and keeps the rest with what came meanwhile', async () => {
    for (let n = 0; n < 250; n += 1) counters.count(key(n), 'accepted', at(0));
    counts.accepts = 1;
    counts.duringAdd = () => {
      counters.count(key(249), 'accepted', at(0));
      counters.count(key(249), 'refusedLimit', at(1));
    };
    await expect(counters.flush()).rejects.toThrow('storage is down');
    counts.accepts = Infinity;
    counts.duringAdd = () => undefined;
    counters.count(key(249), 'accepted', at(0));
    await counters.flush();
    const totals = new Map<string, number>();
    for (const each of added()) totals.set(each.apiKeyId, (totals.get(each.apiKeyId) ?? 0) + requestsOf(each));
    // Two batches were tried, and each counted two more requests of the last key.
    expect([totals.size, totals.get('key-0'), totals.get('key-248'), totals.get('key-249')]).toEqual([250, 1, 1, 6]);
    const last = added().filter(({ apiKeyId }) => apiKeyId === 'key-249');
    expect(last.map(({ startsAt, accepted, refusedLimit }) => [startsAt, accepted, refusedLimit])).toEqual([
      [at(0), 4, 0],
      [at(1), 0, 2],
    ]);
  });

  it('keeps at most a day apart where nothing can be written for longer, and loses no request', async () => {
    for (let hour = 0; hour < 100; hour += 1) counters.count(key(1), 'accepted', at(hour));
    await counters.flush();
    const entries = added().sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime());
    expect(entries).toHaveLength(24);
    expect([entries[0], entries.at(-1)].map((entry) => [entry?.startsAt, entry?.accepted])).toEqual([
      [at(76), 77],
      [at(99), 1],
    ]);
  });
});

describe('what became of a key that a service asks about', () => {
  const identity = new InMemoryIdentity();
  let apiKey: ApiKey;
  let token: string;

  beforeEach(async () => {
    const created = await identity.createOrganization.execute('Acme');
    apiKey = created.apiKey;
    token = created.token.reveal();
  });

  const check = (organizationId: string | null = apiKey.organizationId, scopes: readonly string[] = []) =>
    identity.checkApiKey.execute(organizationId, token, scopes, undefined, {
      address: '192.0.2.1',
      isCheckedElsewhere: false,
      requestId: null,
    });
  const usage = async () => {
    await identity.writeBehind.flush();
    const { usage30d, apiKey: stored } = await identity.findApiKey.execute(apiKey.organizationId, apiKey.id);
    return { ...usage30d, from: stored.lastUsedFrom };
  };
  const HERE = { address: '192.0.2.1', userAgent: null };

  it.each([
    ['the organization', () => apiKey.organizationId],
    ['the operator', () => null],
  ])('is counted, and from where the client has shown it, for %s', async (_who, organizationId) => {
    await check(organizationId());
    expect(await usage()).toEqual({ accepted: 1, refused: 0, from: HERE });
  });

  it('is not counted for another organization, and not for a wrong secret', async () => {
    const other = await identity.createOrganization.execute('Other');
    await check(other.organization.id);
    token = other.token.reveal().slice(0, -1) + (token.endsWith('0') ? '1' : '0');
    await check();
    expect(await usage()).toEqual({ accepted: 0, refused: 0, from: null });
  });

  it.each([
    ['refusedState', { disabledAt: new Date(0) }, []],
    ['refusedState', { expiresAt: new Date(0) }, []],
    ['refusedState', { revokedAt: new Date(0) }, []],
    ['refusedAddress', { allowedNetworks: ['198.51.100.0/24'] }, ['orders:read']],
    ['refusedScope', { grant: ScopeGrant.of(['orders:write']) }, ['orders:read']],
  ] as const)('is counted as %s of a key with %j', async (outcome, changes, scopes) => {
    identity.store.changeApiKey(apiKey.id, changes);
    expect((await check(apiKey.organizationId, scopes)).valid).toBe(false);
    await identity.writeBehind.flush();
    const now = identity.clock.now();
    const range = {
      from: new Date(now.getTime() - HOUR_MS),
      to: new Date(now.getTime() + 1),
      granularity: 'hour',
    } as const;
    const { totals } = await identity.readUsage.execute(apiKey.organizationId, range);
    expect(totals).toEqual({ ...NO_USAGE, [outcome]: 1 });
  });
});
