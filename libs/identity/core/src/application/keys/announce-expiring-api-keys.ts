import type { ApiKey } from '../../domain/api-key.js';
import type { ApiKeyRepository, ClaimedExpiryNotice } from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { JobLeases } from '../ports/job-leases.js';

const JOB = 'announce-expiring-api-keys';
const LEASE_MS = 60_000;
const DAY_MS = 86_400_000;
const BATCH = 20;

/** How many days before its end a key is announced. */
const NOTICE_DAYS = [1, 7, 30] as const;

/** When a notice is made again that has failed, or whose process has ended meanwhile. */
const RETRY_MS = 3_600_000;
const MAX_ATTEMPTS = 5;

/** A key that ends soon. */
export interface KeyExpiryNotice {
  /** The key as it is now: neither revoked, disabled nor expired. */
  readonly apiKey: ApiKey;
  readonly expiresAt: Date;
  /** The notice that this is: the key ends in at most so many days. */
  readonly days: 1 | 7 | 30;
}

/** A notice that was not taken. */
export interface FailedExpiryNotice {
  readonly notice: KeyExpiryNotice;
  readonly error: unknown;
  /** False after the last attempt. */
  readonly isRepeated: boolean;
}

/** Dependencies of `AnnounceExpiringApiKeys`. */
export interface AnnounceExpiringDependencies {
  readonly apiKeys: ApiKeyRepository;
  readonly leases: JobLeases;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

/**
 * Announces the ends of keys 30, 7 and 1 days before, each once for all instances. A lease lets one instance work at a
 * time; even if two do, each notice is made by the one that has claimed it. What was missed is made up for by one notice,
 * that of the fewest days.
 */
export class AnnounceExpiringApiKeys {
  readonly #holder: string;

  constructor(private readonly parts: AnnounceExpiringDependencies) {
    this.#holder = parts.ids.next();
  }

  /**
   * Makes the notices that are due. Stops early when another instance has the lease.
   *
   * @param announce - is given each notice. If it throws, it is given the notice again after an hour, at most 5 times
   * @param onFailed - is told of each notice that `announce` has not taken
   * @param signal - ends the work after the notice that is under way. The others are made an hour later
   * @returns how many notices were taken
   */
  async execute(
    announce: (notice: KeyExpiryNotice) => unknown,
    onFailed: (failed: FailedExpiryNotice) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<number> {
    let taken = 0;
    for (const [index, days] of NOTICE_DAYS.entries()) {
      let endsAfter = new Date(this.parts.clock.now().getTime() + (NOTICE_DAYS[index - 1] ?? 0) * DAY_MS);
      for (;;) {
        if (signal?.aborted || !(await this.holdLease())) return taken;
        const claimed = await this.claim(days, endsAfter);
        if (claimed.length === 0) break;
        for (const each of claimed) {
          if (signal?.aborted) return taken;
          if (await this.make(each, days, announce, onFailed)) taken += 1;
          // What was claimed in this run is not looked at again. Several keys may end in the same millisecond.
          endsAfter = new Date(Math.max(endsAfter.getTime(), each.expiresAt.getTime() - 1));
        }
      }
    }
    return taken;
  }

  private claim(days: number, endsAfter: Date): Promise<readonly ClaimedExpiryNotice[]> {
    const now = this.parts.clock.now();
    const retryAt = new Date(now.getTime() + RETRY_MS);
    return this.parts.apiKeys.claimExpiryNotices({ now, days, endsAfter, retryAt, limit: BATCH });
  }

  private async make(
    { organizationId, id, attempt }: ClaimedExpiryNotice,
    days: KeyExpiryNotice['days'],
    announce: (notice: KeyExpiryNotice) => unknown,
    onFailed: (failed: FailedExpiryNotice) => void,
  ): Promise<boolean> {
    const { apiKeys, clock } = this.parts;
    const apiKey = (await apiKeys.find(organizationId, id))?.apiKey;
    const expiresAt = apiKey?.expiresAt ?? null;
    const now = clock.now();
    // It may have been changed since it was claimed: then it is claimed anew when that is due.
    if (!apiKey?.isActive(now) || expiresAt === null || endsLaterThan(now, days, expiresAt)) return false;
    const notice = { apiKey, expiresAt, days };
    try {
      await announce(notice);
    } catch (error) {
      const isRepeated = attempt < MAX_ATTEMPTS;
      if (!isRepeated) await apiKeys.settleExpiryNotice(id);
      onFailed({ notice, error, isRepeated });
      return false;
    }
    await apiKeys.settleExpiryNotice(id);
    return true;
  }

  private holdLease(): Promise<boolean> {
    const now = this.parts.clock.now();
    return this.parts.leases.acquire(JOB, this.#holder, now, new Date(now.getTime() + LEASE_MS));
  }
}

function endsLaterThan(now: Date, days: number, expiresAt: Date): boolean {
  return expiresAt.getTime() - now.getTime() > days * DAY_MS;
}
