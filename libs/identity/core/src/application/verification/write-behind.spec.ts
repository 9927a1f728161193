import { MAX_GRACE_SECONDS } from '../keys/rotate-api-key.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { IdentityError } from '../../domain/identity-error.js';
import { aNewOrganization } from '../../testing/builders.js';
import { FixedClock } from '../../testing/fakes/fixed-clock.js';
import { InMemoryApiKeyRepository } from '../../testing/fakes/in-memory-api-key-repository.js';
import { InMemoryAuditLog } from '../../testing/fakes/in-memory-audit-log.js';
import { UsageCounters } from './usage-counters.js';
import { InMemoryUsageCounts } from '../../testing/fakes/in-memory-usage-counts.js';
import { InMemoryQuotaUses } from '../../testing/fakes/in-memory-quota-uses.js';
import { InMemoryStore } from '../../testing/fakes/in-memory-store.js';
import { InMemoryUseObservations } from '../../testing/fakes/in-memory-use-observations.js';
import { SequentialIdGenerator } from '../../testing/fakes/sequential-id-generator.js';
import { testCaller } from '../../testing/test-caller.js';
import { AuditEvents } from '../audit/audit-events.js';
import type { ProofRenewal } from '../ports/api-key-repository.js';
import { AddressRefusals } from './address-refusals.js';
import { QuotaCounters } from './quota-counters.js';
import { WriteBehind } from './write-behind.js';

const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms);
const CURRENT = { id: 'current secret', validUntil: null, createdAt: at(0) };
const PREVIOUS = { id: 'previous secret', validUntil: at(1_000_000), createdAt: at(0) };
const FIVE_MINUTES_MS = 300_000;

type Write = 'recordLastUsed' | 'recordSecretsLastUsed' | 'replaceProofs';

/** Records what it is asked to write, and refuses the writes in `failing`. */
class RecordingRepository extends InMemoryApiKeyRepository {
  readonly written: Record<Write, unknown[][]> = { recordLastUsed: [], recordSecretsLastUsed: [], replaceProofs: [] };
  readonly failing = new Set<Write>();
  duringWrite: () => unknown = () => undefined;

  override recordLastUsed = (lastUsed: ReadonlyMap<string, Date>) => this.write('recordLastUsed', lastUsed);
  override recordSecretsLastUsed = (lastUsed: ReadonlyMap<string, Date>) =>
    this.write('recordSecretsLastUsed', lastUsed);
  override replaceProofs = (renewals: readonly ProofRenewal[]) => this.write('replaceProofs', renewals);

  private async write(what: Write, entries: Iterable<unknown>): Promise<void> {
    await this.duringWrite();
    if (this.failing.has(what)) throw new Error('storage is down');
    this.written[what].push([...entries]);
  }
}

function setUp() {
  const apiKeys = new RecordingRepository(new InMemoryStore());
  const observations = new InMemoryUseObservations();
  const clock = new FixedClock();
  const store = new InMemoryStore();
  const auditLog = new InMemoryAuditLog(store);
  const events = new AuditEvents(auditLog, new SequentialIdGenerator(), clock);
  const quotaUses = new InMemoryQuotaUses();
  const usageCounters = new UsageCounters(new InMemoryUsageCounts(store));
  const quotaCounters = new QuotaCounters(quotaUses);
  const addressRefusals = new AddressRefusals(auditLog, events, clock);
  const writeBehind = new WriteBehind({
    apiKeys,
    observations,
    clock,
    quotaCounters,
    addressRefusals,
    usageCounters,
  });
  const use = (id: string, when: Date, secret: typeof CURRENT | typeof PREVIOUS = CURRENT) =>
    writeBehind.recordUse({ id, createdAt: at(0) }, secret, when);
  const renew = (proof: string) => writeBehind.renewProof({ id: CURRENT.id, proof: 'old' }, proof);
  const limits = { store, auditLog, quotaUses, quotaCounters, addressRefusals };
  return { apiKeys, observations, clock, writeBehind, use, renew, ...limits };
}

describe('a flush', () => {
  it('writes one entry for 10,000 uses of a key: the last', async () => {
    const { apiKeys, writeBehind, use } = setUp();
    for (let i = 0; i < 10_000; i += 1) use('a', at(i));
    use('b', at(1));
    await writeBehind.flush();
    expect(apiKeys.written.recordLastUsed).toEqual([
      [
        ['a', at(9999)],
        ['b', at(1)],
      ],
    ]);
  });

  it('writes the use of a secret in its grace period for the secret and for the key', async () => {
    const { apiKeys, writeBehind, use } = setUp();
    use('a', at(1), PREVIOUS);
    use('a', at(2), CURRENT);
    await writeBehind.flush();
    expect(apiKeys.written.recordLastUsed).toEqual([[['a', at(2)]]]);
    expect(apiKeys.written.recordSecretsLastUsed).toEqual([[[PREVIOUS.id, at(1)]]]);
  });

  it('writes the use of a new secret for the secret, too, as long as a previous one may be in its grace period', async () => {
    const { apiKeys, writeBehind, use } = setUp();
    const next = { ...CURRENT, createdAt: at(1) };
    const end = MAX_GRACE_SECONDS * 1000 + 1;
    for (const when of [at(2), at(end)]) use('a', when, next);
    await writeBehind.flush();
    use('a', at(end + 1), next);
    await writeBehind.flush();
    expect(apiKeys.written.recordSecretsLastUsed).toEqual([[[CURRENT.id, at(end)]]]);
    expect(apiKeys.written.recordLastUsed).toHaveLength(2);
  });

  it('writes one renewal a secret: the last, with the proof that it replaces', async () => {
    const { apiKeys, writeBehind, renew } = setUp();
    renew('new');
    renew('newer');
    await writeBehind.flush();
    expect(apiKeys.written.replaceProofs).toEqual([[{ secretId: CURRENT.id, expected: 'old', proof: 'newer' }]]);
  });

  it('writes nothing when nothing is pending, nor twice what was written', async () => {
    const { apiKeys, writeBehind, use, renew } = setUp();
    await writeBehind.flush();
    use('a', at(0), PREVIOUS);
    renew('new');
    await writeBehind.flush();
    await writeBehind.flush();
    expect(Object.values(apiKeys.written).map((writes) => writes.length)).toEqual([1, 1, 1]);
  });

  it('ends after the one that is under way', async () => {
    const { apiKeys, writeBehind, use } = setUp();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    apiKeys.duringWrite = () => held;
    use('a', at(1));
    void writeBehind.flush();
    let hasEnded = false;
    const last = writeBehind.flush().then(() => (hasEnded = true));
    await nextTurn();
    expect(hasEnded).toBe(false);
    release();
    await last;
    expect(apiKeys.written.recordLastUsed).toEqual([[['a', at(1)]]]);
  });

  it.each<[string, Write, string]>([
    ['uses of keys', 'recordLastUsed', 'last_used_at: storage is down'],
    ['uses of secrets', 'recordSecretsLastUsed', 'last_used_at: storage is down'],
    ['renewed proofs', 'replaceProofs', 'renewed proofs: storage is down'],
  ])('that cannot write %s says so, and the next one writes them', async (_what, write, message) => {
    const { apiKeys, writeBehind, use, renew } = setUp();
    use('a', at(0), PREVIOUS);
    renew('new');
    apiKeys.failing.add(write);
    await expect(writeBehind.flush()).rejects.toThrow(message);
    expect(apiKeys.written[write]).toEqual([]);
    apiKeys.failing.clear();
    await writeBehind.flush();
    expect(Object.values(apiKeys.written).map((writes) => writes.length)).toEqual([1, 1, 1]);
  });

  it('that cannot write uses writes proofs all the same, and names both if neither can be written', async () => {
    const { apiKeys, writeBehind, use, renew } = setUp();
    use('a', at(0));
    renew('new');
    apiKeys.failing.add('recordLastUsed');
    await expect(writeBehind.flush()).rejects.toThrow('last_used_at');
    expect(apiKeys.written.replaceProofs).toHaveLength(1);
    renew('newer');
    apiKeys.failing.add('replaceProofs');
    const both = 'last_used_at: storage is down; renewed proofs: storage is down';
    await expect(writeBehind.flush()).rejects.toThrow(both);
  });

  it('prefers a use during a failed flush to the older one it kept', async () => {
    const { apiKeys, writeBehind, use } = setUp();
    use('a', at(0));
    use('b', at(0));
    apiKeys.failing.add('recordLastUsed');
    apiKeys.duringWrite = () => use('a', at(5));
    await expect(writeBehind.flush()).rejects.toThrow('storage is down');
    apiKeys.failing.clear();
    apiKeys.duringWrite = () => undefined;
    await writeBehind.flush();
    expect(new Map(apiKeys.written.recordLastUsed[0] as [string, Date][])).toEqual(
      new Map([
        ['a', at(5)],
        ['b', at(0)],
      ]),
    );
  });

  it('writes what was counted for quotas, and what was refused by address; what cannot be written it writes the next time', async () => {
    const { writeBehind, clock, store, auditLog, quotaUses, quotaCounters, addressRefusals } = setUp();
    const { organization } = aNewOrganization();
    store.organizations.set(organization.id, organization);
    (await quotaCounters.counterOf('a', { requests: 5, period: 'day' }, clock.now())).add();
    addressRefusals.record(testCaller({ organization }), { requestId: null, sourceAddress: '192.0.2.1' });
    const failures = [jest.spyOn(quotaUses, 'add'), jest.spyOn(auditLog, 'append')];
    const down = new IdentityError('storage.unavailable', 'storage is down');
    for (const failure of failures) failure.mockRejectedValueOnce(down);
    const both = 'quotas: storage is down; refused addresses: storage is down';
    await expect(writeBehind.flush()).rejects.toThrow(both);
    expect([quotaUses.stored.size, store.auditEvents.length]).toEqual([0, 0]);
    for (let flush = 0; flush < 2; flush += 1) {
      await writeBehind.flush();
      expect([...quotaUses.stored.values()]).toEqual([expect.objectContaining({ apiKeyId: 'a', used: 1 })]);
      expect(store.auditEvents).toHaveLength(1);
    }
  });

  it('records every five minutes that uses are written, and only when they were', async () => {
    const { apiKeys, observations, clock, writeBehind, use } = setUp();
    const record = jest.spyOn(observations, 'record');
    use('a', at(0));
    apiKeys.failing.add('recordLastUsed');
    await expect(writeBehind.flush()).rejects.toThrow('storage is down');
    expect(record).not.toHaveBeenCalled();
    apiKeys.failing.clear();
    for (const [passed, records] of [
      [0, 1],
      [FIVE_MINUTES_MS - 1, 1],
      [1, 2],
    ] as const) {
      clock.advance(passed);
      await writeBehind.flush();
      expect(record).toHaveBeenCalledTimes(records);
    }
  });
});

describe('once started', () => {
  afterEach(() => void jest.useRealTimers());

  it('flushes at intervals, hands failures on, and flushes once more when it is stopped', async () => {
    jest.useFakeTimers();
    const { apiKeys, writeBehind, use } = setUp();
    const failures: unknown[] = [];
    writeBehind.start(10, (error) => failures.push(error));
    use('a', at(0));
    await jest.advanceTimersByTimeAsync(9999);
    expect(apiKeys.written.recordLastUsed).toHaveLength(0);
    apiKeys.failing.add('recordLastUsed');
    await jest.advanceTimersByTimeAsync(1);
    expect(failures).toEqual([expect.objectContaining({ message: 'last_used_at: storage is down' })]);
    apiKeys.failing.clear();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(apiKeys.written.recordLastUsed).toHaveLength(1);
    use('a', at(1));
    await writeBehind.stop();
    expect([apiKeys.written.recordLastUsed.length, jest.getTimerCount()]).toEqual([2, 0]);
  });
});
