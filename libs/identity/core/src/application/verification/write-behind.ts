import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { ApiKey } from '../../domain/api-key.js';
import type { ApiKeyRepository, ProofRenewal } from '../ports/api-key-repository.js';
import { keptUserAgent, type LastUsedFrom } from '../../domain/last-used-from.js';
import type { Clock } from '../ports/clock.js';
import type { UseObservations } from '../ports/use-observations.js';
import type { AddressRefusals } from './address-refusals.js';
import type { QuotaCounters } from './quota-counters.js';
import type { UsageOutcome } from '../ports/usage-counts.js';
import type { UsageCounters, UsedApiKey } from './usage-counters.js';

/** Between two records of an observation, in milliseconds; uses themselves are written far more often. */
const OBSERVATION_INTERVAL_MS = 300_000;

/** What `WriteBehind` writes to. */
export interface WriteBehindDependencies {
  readonly apiKeys: ApiKeyRepository;
  readonly observations: UseObservations;
  readonly clock: Clock;
  readonly quotaCounters: QuotaCounters;
  readonly addressRefusals: AddressRefusals;
  readonly usageCounters: UsageCounters;
  /** Whether the address and user agent of each key's last use are recorded. Default: true. */
  readonly keepsLastUsedFrom?: boolean | undefined;
}

/** The client of a request. */
export interface UsingClient {
  /** IP address; null if it is unknown. */
  readonly address: string | null;
  /** What it calls itself, as it was sent; undefined where it says nothing. */
  readonly userAgent?: string | undefined;
}

/** Where a key was last used from, until it is written. */
interface PendingPlace {
  address: string | null;
  readonly userAgent: string | null;
  /** As the client sent it. */
  readonly sent: string | undefined;
}

/**
 * The writes that no request waits for: when keys were used, and proofs that move to the current pepper. They are kept in
 * memory, one entry a key or secret, until the next flush. An entry that cannot be written stays for the flush after that,
 * unless a later one has replaced it. So the memory is bounded by the number of stored keys. A process that is killed
 * loses the entries since its last flush. It also flushes the counters of usage and quotas, and the recorded address
 * refusals.
 */
export class WriteBehind {
  readonly #lastUsed = new PendingEntries<Date>();
  readonly #usedFrom = new PendingEntries<PendingPlace>();
  readonly #secretsLastUsed = new PendingEntries<Date>();
  readonly #renewals = new PendingEntries<ProofRenewal>();
  #observedAt = Number.NEGATIVE_INFINITY;
  #flushing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly to: WriteBehindDependencies) {}

  /** Records that a key was used with this secret. */
  recordUse(
    { id }: Pick<ApiKey, 'id'>,
    { id: secretId, validUntil }: Pick<ApiKeySecret, 'id' | 'validUntil'>,
    at: Date,
  ): void {
    this.#lastUsed.set(id, at);
    // Of a secret in its grace period people want to know whether anybody still has it.
    if (validUntil !== null) this.#secretsLastUsed.set(secretId, at);
  }

  /** Counts the outcome of a request with this key and the right secret. */
  recordOutcome(apiKey: UsedApiKey, outcome: UsageOutcome, from?: UsingClient): void {
    this.to.usageCounters.count(apiKey, outcome, this.to.clock.now());
    if (from !== undefined && this.keepsLastUsedFrom) this.recordPlace(apiKey.id, from);
  }

  /** A request that was counted as accepted is refused after all, for a scope that the route does not name. */
  refuseAccepted(apiKey: UsedApiKey): void {
    this.to.usageCounters.refuseAccepted(apiKey, this.to.clock.now());
  }

  /** Whether the address and user agent of each key's last use are recorded. */
  get keepsLastUsedFrom(): boolean {
    return this.to.keepsLastUsedFrom ?? true;
  }

  /** Replaces the proof of a secret, provided that it is still the one that was read. */
  renewProof({ id, proof: expected }: Pick<ApiKeySecret, 'id' | 'proof'>, proof: string): void {
    this.#renewals.set(id, { secretId: id, expected, proof });
  }

  /**
   * Flushes at intervals until `stop`. The timer keeps no process alive.
   *
   * @param seconds - between two flushes
   * @param onFailure - called with the error of each flush that failed
   */
  start(seconds: number, onFailure: (error: unknown) => void): void {
    this.#timer = setInterval(() => void this.flush().catch(onFailure), seconds * 1000).unref();
  }

  /** Ends the interval and flushes once more. Call it after the last request. Rejects as `flush` does. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    try {
      await this.flush();
    } finally {
      await this.to.apiKeys.release();
    }
  }

  /**
   * Writes every entry. Flushes run one after the other, so that the last one of a shutdown ends after all others.
   *
   * @throws AggregateError whose message names what could not be written, and why; the next flush tries it again
   */
  flush(): Promise<void> {
    const turn = this.#flushing.then(() => this.writeAll());
    this.#flushing = turn.catch(() => undefined);
    return turn;
  }

  private async writeAll(): Promise<void> {
    const { apiKeys } = this.to;
    const failures: Error[] = [];
    await attempt('last_used_at', failures, async () => {
      await this.writeLastUsed();
      await this.#secretsLastUsed.write((lastUsed) => apiKeys.recordSecretsLastUsed(lastUsed));
      // Only now are all uses so far written.
      await this.observe();
    });
    await attempt('renewed proofs', failures, () =>
      this.#renewals.write((renewals) => apiKeys.replaceProofs([...renewals.values()])),
    );
    await attempt('usage', failures, () => this.to.usageCounters.flush());
    await attempt('quotas', failures, () => this.to.quotaCounters.flush());
    await attempt('refused addresses', failures, () => this.to.addressRefusals.flush());
    if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('; '));
  }

  /** A client seldom changes what it calls itself: until it is written, it is looked at once. */
  private recordPlace(id: string, { address, userAgent }: UsingClient): void {
    const known = this.#usedFrom.get(id);
    if (known !== undefined && known.sent === userAgent) known.address = address;
    else {
      const kept = userAgent === undefined ? null : keptUserAgent(userAgent);
      this.#usedFrom.set(id, { address, userAgent: kept, sent: userAgent });
    }
  }

  private async writeLastUsed(): Promise<void> {
    const lastUsed = this.#lastUsed.take();
    const places = this.#usedFrom.take();
    if (lastUsed.size === 0 && places.size === 0) return;
    const from: ReadonlyMap<string, LastUsedFrom | null> = this.keepsLastUsedFrom
      ? places
      : new Map(Array.from(lastUsed.keys(), (id) => [id, null]));
    try {
      await this.to.apiKeys.recordLastUsed(lastUsed, from);
    } catch (error) {
      this.#lastUsed.putBack(lastUsed);
      this.#usedFrom.putBack(places);
      throw error;
    }
  }

  /** Records that all uses up to now are written. Time without such a record does not make a key unused. */
  private async observe(): Promise<void> {
    const now = this.to.clock.now();
    // A clock may have been put back.
    if (Math.abs(now.getTime() - this.#observedAt) < OBSERVATION_INTERVAL_MS) return;
    await this.to.observations.record(now);
    this.#observedAt = now.getTime();
  }
}

/** Entries by id. A later entry replaces an earlier one. */
class PendingEntries<Entry> {
  #entries = new Map<string, Entry>();

  set(id: string, entry: Entry): void {
    this.#entries.set(id, entry);
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  take(): ReadonlyMap<string, Entry> {
    const taken = this.#entries;
    this.#entries = new Map();
    return taken;
  }

  /** Entries made meanwhile are later ones and win. */
  putBack(taken: ReadonlyMap<string, Entry>): void {
    this.#entries = new Map([...taken, ...this.#entries]);
  }

  async write(write: (entries: ReadonlyMap<string, Entry>) => Promise<void>): Promise<void> {
    if (this.#entries.size === 0) return;
    const taken = this.take();
    try {
      await write(taken);
    } catch (error) {
      this.putBack(taken);
      throw error;
    }
  }
}

async function attempt(what: string, failures: Error[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    failures.push(new Error(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause }));
  }
}
