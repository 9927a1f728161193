import type { EndingEvents } from '../../application/ports/api-key-repository.js';
import { describe, it } from '@jest/globals';
import type { KeyCount, MemberChange, MemberPage, NewMember } from '../../application/ports/member-repository.js';
import type { CountedContents, OrganizationPage } from '../../application/ports/organization-repository.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import type { ListedMember } from '../../domain/member.js';
import type { Organization } from '../../domain/organization.js';
import { InMemoryMemberRepository } from '../fakes/in-memory-member-repository.js';
import { InMemoryOrganizationRepository } from '../fakes/in-memory-organization-repository.js';
import { assertCatches } from './contract-case.js';
import { inMemoryHarness } from './in-memory-harness.js';
import { memberRepositoryContract } from './member-repository-contract.js';
import { organizationRepositoryContract } from './organization-repository-contract.js';

// Each class breaks one promise, as an adapter would: a forgotten filter, a missing constraint, rows left behind.

class TakesAnyOrganization extends InMemoryMemberRepository {
  override async insert({ member, event }: NewMember): Promise<void> {
    this.store.members.set(member.id, member);
    this.store.auditEvents.push(event);
  }
}

class FindsMembersOfOthers extends InMemoryMemberRepository {
  override async find(_organizationId: string, memberId: string): Promise<ListedMember | null> {
    const stored = this.store.members.get(memberId);
    return stored === undefined ? null : { ...stored, updatedAt: stored.createdAt };
  }
}

class ForgetsTheRole extends InMemoryMemberRepository {
  override list(organizationId: string, { role: _, ...page }: MemberPage): Promise<ListedMember[]> {
    return super.list(organizationId, page);
  }
}

class ForgetsThatItChanged extends InMemoryMemberRepository {
  override async change(
    organizationId: string,
    memberId: string,
    decide: (current: ListedMember) => MemberChange | null,
  ): Promise<ListedMember> {
    const changed = await super.change(organizationId, memberId, decide);
    this.store.memberUpdates.clear();
    return changed;
  }
}

class LeavesSecretsBehind extends InMemoryMemberRepository {
  override async remove(
    organizationId: string,
    memberId: string,
    decide: (current: ListedMember, count: KeyCount) => AuditEvent,
    descendantsOf: EndingEvents['descendantsOf'],
  ): Promise<void> {
    const keys = new Map(this.store.apiKeys);
    await super.remove(organizationId, memberId, decide, descendantsOf);
    for (const [id, key] of keys) this.store.apiKeys.set(id, key);
  }
}

class DeletesTheAuditLogToo extends InMemoryOrganizationRepository {
  override async delete(
    organizationId: string,
    decide: (current: Organization, contents: CountedContents) => AuditEvent,
  ): Promise<void> {
    await super.delete(organizationId, decide);
    this.store.auditEvents.length = 0;
  }
}

class DeletesBeforeItIsDecided extends InMemoryOrganizationRepository {
  override async delete(
    organizationId: string,
    decide: (current: Organization, contents: CountedContents) => AuditEvent,
  ): Promise<void> {
    this.store.removeApiKeys((apiKey) => apiKey.organizationId === organizationId);
    await super.delete(organizationId, decide);
  }
}

class SearchesInOneCase extends InMemoryOrganizationRepository {
  override async listPage(page: OrganizationPage): Promise<Organization[]> {
    const found = await super.listPage({ ...page, limit: Infinity });
    return found.filter(({ name }) => name.includes(page.search ?? '')).slice(0, page.limit);
  }
}

const CAUGHT_MEMBERS = [
  [TakesAnyOrganization, 'insert refuses an unknown organization'],
  [TakesAnyOrganization, 'of 16 concurrent inserts'],
  [FindsMembersOfOthers, 'insert stores the member as it is'],
  [ForgetsTheRole, 'list by role or external id'],
  [ForgetsThatItChanged, 'change writes email'],
  [LeavesSecretsBehind, 'remove takes the keys'],
] as const;

const CAUGHT_ORGANIZATIONS = [
  [DeletesTheAuditLogToo, 'delete takes members, keys and secrets'],
  [DeletesBeforeItIsDecided, 'delete takes nothing where the decision throws'],
  [SearchesInOneCase, 'listPage holds organizations newest first'],
] as const;

describe('the contract of an adapter that stores members', () => {
  for (const [Adapter, promise] of CAUGHT_MEMBERS) {
    it(`catches one that ${Adapter.name}: ${promise}`, async () => {
      const harness = inMemoryHarness((store) => ({ members: new Adapter(store) }));
      await assertCatches(memberRepositoryContract, promise, harness);
    });
  }
});

describe('the contract of an adapter that deletes organizations', () => {
  for (const [Adapter, promise] of CAUGHT_ORGANIZATIONS) {
    it(`catches one that ${Adapter.name}: ${promise}`, async () => {
      const harness = inMemoryHarness((store) => ({ organizations: new Adapter(store) }));
      await assertCatches(organizationRepositoryContract, promise, harness);
    });
  }
});
