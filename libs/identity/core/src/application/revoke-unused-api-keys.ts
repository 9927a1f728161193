import { SYSTEM } from '../domain/actor.js';
import { type OrganizationPolicy, unusedSince } from '../domain/organization-policy.js';
import type { AuditEvents } from './audit-events.js';
import type { ApiKeyRepository } from './ports/api-key-repository.js';
import type { Clock } from './ports/clock.js';
import type { IdGenerator } from './ports/id-generator.js';
import type { JobLeases } from './ports/job-leases.js';
import type { OrganizationRepository } from './ports/organization-repository.js';

const JOB = 'revoke-unused-api-keys';
const LEASE_MS = 60_000;
const BATCH = 100;

/** Uses that other instances have seen and not written yet: as long as the longest interval between two writes. */
const UNWRITTEN_MS = 3_600_000;

/** What the job is made of. */
export interface RevokeUnusedParts {
  readonly apiKeys: ApiKeyRepository;
  readonly organizations: OrganizationRepository;
  readonly leases: JobLeases;
  readonly events: AuditEvents;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

/**
 * Revokes keys that were not used for as long as their organization's policy says. Of several instances one works at a
 * time; should two do so all the same, each key is revoked and recorded once.
 */
export class RevokeUnusedApiKeys {
  readonly #holder: string;

  constructor(private readonly parts: RevokeUnusedParts) {
    this.#holder = parts.ids.next();
  }

  /** Answers how many keys were revoked. Ends early when another instance has the job. */
  async execute(): Promise<number> {
    let revoked = 0;
    for (const { id, policy } of await this.parts.organizations.list()) {
      if (policy.revokeUnusedAfterDays === null) continue;
      if (!(await this.holdLease())) break;
      revoked += await this.revokeUnused(id, policy);
    }
    return revoked;
  }

  private holdLease(): Promise<boolean> {
    const now = this.parts.clock.now();
    return this.parts.leases.acquire(JOB, this.#holder, now, new Date(now.getTime() + LEASE_MS));
  }

  private async revokeUnused(organizationId: string, policy: OrganizationPolicy): Promise<number> {
    const { apiKeys, events, clock } = this.parts;
    const since = unusedSince(policy, new Date(clock.now().getTime() - UNWRITTEN_MS));
    if (since === null) return 0;
    let revoked = 0;
    for (;;) {
      const unused = await apiKeys.findUnused(organizationId, since, BATCH);
      const before = revoked;
      for (const apiKeyId of unused) {
        const changes = { unused_for_days: policy.revokeUnusedAfterDays };
        const event = events.build('api_key.revoked', SYSTEM, { organizationId, apiKeyId, changes });
        if (await apiKeys.revokeUnused(organizationId, apiKeyId, since, event)) revoked += 1;
      }
      // A batch of which none could be revoked would be found again, for ever.
      const isDone = unused.length < BATCH || revoked === before;
      if (isDone || !(await this.holdLease())) return revoked;
    }
  }
}
