import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, it } from '@jest/globals';
import type { AuditEventQuery } from '../../application/ports/audit-log.js';
import { JobLeases } from '../../application/ports/job-leases.js';
import type { OrganizationChange } from '../../application/ports/organization-repository.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import type { Organization } from '../../domain/organization.js';
import { InMemoryAuditLog } from '../fakes/in-memory-audit-log.js';
import { InMemoryOrganizationRepository } from '../fakes/in-memory-organization-repository.js';
import { auditLogContract } from './audit-log-contract.js';
import { assertCatches } from './contract-case.js';
import { inMemoryHarness } from './in-memory-harness.js';
import { jobLeasesContract } from './job-leases-contract.js';
import { organizationRepositoryContract } from './organization-repository-contract.js';

class ShowsEveryOrganization extends InMemoryAuditLog {
  override async list(_organizationId: string, query: AuditEventQuery): Promise<AuditEvent[]> {
    const lists = [...this.store.organizations.keys()].map((id) => super.list(id, query));
    return (await Promise.all(lists)).flat();
  }
}

class ShowsTheOrderOfWriting extends InMemoryAuditLog {
  override async list(organizationId: string, { limit }: AuditEventQuery): Promise<AuditEvent[]> {
    const own = this.store.auditEvents.filter((event) => event.organizationId === organizationId);
    return own.reverse().slice(0, limit);
  }
}

class RepeatsTheLastOfThePageBefore extends InMemoryAuditLog {
  override list(organizationId: string, query: AuditEventQuery): Promise<AuditEvent[]> {
    const after = query.after === undefined ? undefined : `${query.after}!`;
    return super.list(organizationId, { ...query, after });
  }
}

class IgnoresTheType extends InMemoryAuditLog {
  override list(organizationId: string, query: AuditEventQuery): Promise<AuditEvent[]> {
    return super.list(organizationId, { ...query, type: undefined });
  }
}

class IgnoresTheActor extends InMemoryAuditLog {
  override list(organizationId: string, query: AuditEventQuery): Promise<AuditEvent[]> {
    return super.list(organizationId, { ...query, actor: undefined });
  }
}

class ForgetsTheMember extends InMemoryAuditLog {
  override async list(organizationId: string, query: AuditEventQuery): Promise<AuditEvent[]> {
    const events = await super.list(organizationId, query);
    return events.filter(({ actor }) => query.actor === undefined || actor.apiKeyId === query.actor);
  }
}

class EndsTooLate extends InMemoryAuditLog {
  override list(organizationId: string, query: AuditEventQuery): Promise<AuditEvent[]> {
    const until = query.until && new Date(query.until.getTime() + 1);
    return super.list(organizationId, { ...query, until });
  }
}

class LeavesThePublicPartOut extends InMemoryAuditLog {
  override async list(organizationId: string, query: AuditEventQuery): Promise<AuditEvent[]> {
    const stored = new Map(this.store.auditEvents.map((event) => [event.id, event]));
    return (await super.list(organizationId, query)).map((event) => stored.get(event.id) ?? event);
  }
}

class ShowsTodaysPublicPart extends InMemoryAuditLog {
  override async list(organizationId: string, query: AuditEventQuery): Promise<AuditEvent[]> {
    return (await super.list(organizationId, query)).map((event) => ({
      ...event,
      keyPrefix: event.keyPrefix ?? this.store.apiKeys.get(event.apiKeyId ?? '')?.keyPrefix ?? null,
    }));
  }
}

class LooksBeforeItTakes extends JobLeases {
  readonly #leases = new Map<string, { readonly holder: string; readonly until: Date }>();

  override async acquire(job: string, holder: string, now: Date, until: Date): Promise<boolean> {
    const current = this.#leases.get(job);
    await nextTurn();
    if (current !== undefined && current.holder !== holder && current.until > now) return false;
    this.#leases.set(job, { holder, until });
    return true;
  }
}

class NeverEnds extends JobLeases {
  readonly #holders = new Map<string, string>();

  override async acquire(job: string, holder: string): Promise<boolean> {
    const current = this.#holders.get(job) ?? holder;
    this.#holders.set(job, current);
    return current === holder;
  }
}

class DecidesBeforeItLocks extends InMemoryOrganizationRepository {
  override async change(id: string, decide: (current: Organization) => OrganizationChange | null) {
    const early = (await this.list()).find((organization) => organization.id === id);
    await nextTurn();
    return super.change(id, (current) => decide(early ?? current));
  }
}

class ForgetsTheEvent extends InMemoryOrganizationRepository {
  override async change(id: string, decide: (current: Organization) => OrganizationChange | null) {
    const organization = await super.change(id, decide);
    this.store.auditEvents.pop();
    return organization;
  }
}

class ForgetsThatItIsDisabled extends InMemoryOrganizationRepository {
  override async change(id: string, decide: (current: Organization) => OrganizationChange | null) {
    return super.change(id, (current) => {
      const change = decide(current);
      return change && { ...change, organization: { ...change.organization, disabledAt: current.disabledAt } };
    });
  }
}

class StoresAllThatItIsGiven extends InMemoryOrganizationRepository {
  override async change(id: string, decide: (current: Organization) => OrganizationChange | null) {
    return super.change(id, (current) => {
      const change = decide(current);
      if (change !== null) Object.assign(this.store.organizations.get(id) ?? {}, change.organization);
      return change;
    });
  }
}

describe('the contract of an audit log', () => {
  const caught = [
    [ShowsEveryOrganization, "the list holds the organization's own events"],
    [ShowsTheOrderOfWriting, 'the list is sorted newest first by id'],
    [RepeatsTheLastOfThePageBefore, 'pages of the list hold each event once'],
    [LeavesThePublicPartOut, 'an event that was stored without a public part'],
    [ShowsTodaysPublicPart, 'an event that was stored without a public part'],
    [IgnoresTheType, 'the list can be of one key, of one type'],
    [IgnoresTheActor, 'the list can be of what one key did'],
    [ForgetsTheMember, 'the list can be of what one key did'],
    [EndsTooLate, 'the list can be of a span of time'],
  ] as const;
  for (const [Adapter, promise] of caught) {
    it(`catches one that ${Adapter.name}: ${promise}`, () =>
      assertCatches(
        auditLogContract,
        promise,
        inMemoryHarness((store) => ({ auditLog: new Adapter(store) })),
      ));
  }
});

describe('the contract of leases', () => {
  const caught = [
    [LooksBeforeItTakes, 'of 16 that want a free lease at once'],
    [NeverEnds, 'a lease is held against others until its end'],
  ] as const;
  for (const [Adapter, promise] of caught) {
    it(`catches those that ${Adapter.name}: ${promise}`, () =>
      assertCatches(
        jobLeasesContract,
        promise,
        inMemoryHarness(() => ({ jobLeases: new Adapter() })),
      ));
  }
});

describe('the contract of an adapter that changes organizations', () => {
  const caught = [
    [DecidesBeforeItLocks, 'concurrent changes of one organization'],
    [ForgetsTheEvent, 'change writes name, policy, disabling and the event'],
    [ForgetsThatItIsDisabled, 'change writes name, policy, disabling and the event'],
    [StoresAllThatItIsGiven, 'change leaves the id and the time of creation alone'],
  ] as const;
  for (const [Adapter, promise] of caught) {
    it(`catches one that ${Adapter.name}: ${promise}`, () =>
      assertCatches(
        organizationRepositoryContract,
        promise,
        inMemoryHarness((store) => ({ organizations: new Adapter(store) })),
      ));
  }
});
