import { SYSTEM } from '../../domain/actor.js';
import { observedSince, type ObservedStretch } from '../../domain/observed-time.js';
import type { AuditEvents } from '../audit/audit-events.js';
import type { ApiKeyRepository, Revocation } from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { JobLeases } from '../ports/job-leases.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';
import type { UseObservations } from '../ports/use-observations.js';
import { descendantTerms } from './revoke-api-key.js';

const JOB = 'revoke-unused-api-keys';
const LEASE_MS = 60_000;
const DAY_MS = 86_400_000;
const BATCH = 100;

/** How long another instance may hold uses back, in milliseconds: the longest interval between two flushes. */
const UNWRITTEN_MS = 3_600_000;

/** The most by which the clocks of the machine and the store may differ, in milliseconds. */
const MAX_CLOCK_DIFFERENCE_MS = 60_000;

/** How many keys of an organization a preview names at most. */
const MAX_PREVIEWED = 10_000;

/** The keys of an organization that its policy calls unused. */
export interface UnusedApiKeys {
  readonly organizationId: string;
  /** `revokeUnusedAfterDays` of the policy. */
  readonly days: number;
  /**
   * The keys were not used since this instant. Null while uses were observed for fewer than `days` days: then no key
   * counts as unused.
   */
  readonly since: Date | null;
  readonly apiKeyIds: readonly string[];
}

/** The unused keys of an organization that were revoked. */
export interface RevokedUnusedApiKeys extends UnusedApiKeys {
  /** How many keys were revoked with them, because they made them and the policy has `revokeDescendants`. */
  readonly revokedDescendants: number;
}

/** Dependencies of `RevokeUnusedApiKeys`. */
export interface RevokeUnusedDependencies {
  readonly apiKeys: ApiKeyRepository;
  readonly organizations: OrganizationRepository;
  readonly leases: JobLeases;
  readonly observations: UseObservations;
  readonly events: AuditEvents;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

/**
 * Applies the policies that revoke unused keys. A lease lets one instance work at a time; even if two do, each key is
 * revoked and recorded once.
 */
export class RevokeUnusedApiKeys {
  readonly #holder: string;

  constructor(private readonly parts: RevokeUnusedDependencies) {
    this.#holder = parts.ids.next();
  }

  /**
   * Revokes the unused keys of every organization. Stops early when another instance has the lease.
   *
   * @param onRevoked - called for each organization with the keys that were revoked
   * @returns how many unused keys were revoked
   * @throws Error if the clocks of the machine and the store differ by more than a minute
   */
  async execute(onRevoked: (revoked: RevokedUnusedApiKeys) => void = () => undefined): Promise<number> {
    await this.assertClock();
    let revoked = 0;
    for (const unused of await this.policies()) {
      if (!(await this.holdLease())) break;
      const revocations = new Map<string, Revocation>();
      try {
        await this.revokeUnused(unused, revocations);
      } finally {
        revoked += revocations.size;
        const revokedDescendants = [...revocations.values()].reduce((sum, each) => sum + each.revokedDescendants, 0);
        if (revocations.size > 0) onRevoked({ ...unused, apiKeyIds: [...revocations.keys()], revokedDescendants });
      }
    }
    return revoked;
  }

  /**
   * What `execute` would revoke now, without descendants: one entry for each organization with such a policy. Throws as
   * `execute`.
   */
  async preview(): Promise<readonly UnusedApiKeys[]> {
    await this.assertClock();
    const found: UnusedApiKeys[] = [];
    for (const unused of await this.policies()) {
      const { organizationId, since } = unused;
      const apiKeyIds = since === null ? [] : await this.parts.apiKeys.findUnused(organizationId, since, MAX_PREVIEWED);
      found.push({ ...unused, apiKeyIds });
    }
    return found;
  }

  /** One entry without keys for each organization with such a policy. */
  private async policies(): Promise<readonly UnusedApiKeys[]> {
    const { organizations, observations, clock } = this.parts;
    const stretches = await observations.list();
    const now = clock.now();
    return (await organizations.list()).flatMap(({ id: organizationId, policy: { revokeUnusedAfterDays: days } }) =>
      days === null ? [] : [{ organizationId, days, since: since(stretches, now, days), apiKeyIds: [] }],
    );
  }

  private async assertClock(): Promise<void> {
    const aheadMs = (await this.parts.clock.compare?.()) ?? 0;
    if (Math.abs(aheadMs) <= MAX_CLOCK_DIFFERENCE_MS) return;
    const seconds = Math.round(Math.abs(aheadMs) / 1000);
    throw new Error(
      `The clock of this machine is ${seconds} seconds ${aheadMs > 0 ? 'ahead of' : 'behind'} the database's: ` +
        'no unused keys are revoked. Set the clocks.',
    );
  }

  private holdLease(): Promise<boolean> {
    const now = this.parts.clock.now();
    return this.parts.leases.acquire(JOB, this.#holder, now, new Date(now.getTime() + LEASE_MS));
  }

  private async revokeUnused(
    { organizationId, days, since }: UnusedApiKeys,
    revoked: Map<string, Revocation>,
  ): Promise<void> {
    const { apiKeys, events } = this.parts;
    if (since === null) return;
    for (;;) {
      const unused = await apiKeys.findUnused(organizationId, since, BATCH);
      const before = revoked.size;
      for (const apiKeyId of unused) {
        const subject = { organizationId, apiKeyId, keyPrefix: null, changes: { unused_for_days: days } };
        const event = events.build('api_key.revoked', SYSTEM, subject);
        const descendants = descendantTerms(events, SYSTEM, { organizationId, id: apiKeyId });
        const revocation = await apiKeys.revokeUnused(organizationId, apiKeyId, since, event, descendants);
        if (revocation !== null) revoked.set(apiKeyId, revocation);
      }
      // A batch of which none could be revoked would be found again and again.
      const isDone = unused.length < BATCH || revoked.size === before;
      if (isDone || !(await this.holdLease())) return;
    }
  }
}

function since(stretches: readonly ObservedStretch[], now: Date, days: number): Date | null {
  return observedSince(stretches, now, days * DAY_MS + UNWRITTEN_MS);
}
