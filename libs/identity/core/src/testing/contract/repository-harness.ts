import type { ApiKeyRepository } from '../../application/ports/api-key-repository.js';
import type { AuditLog } from '../../application/ports/audit-log.js';
import type { ConsoleSessions } from '../../application/ports/console-sessions.js';
import type { JobLeases } from '../../application/ports/job-leases.js';
import type { MemberRepository } from '../../application/ports/member-repository.js';
import type { OperatorKeyRepository } from '../../application/ports/operator-key-repository.js';
import type { QuotaUses } from '../../application/ports/quota-uses.js';
import type { UseObservations } from '../../application/ports/use-observations.js';
import type { NewOrganization, OrganizationRepository } from '../../application/ports/organization-repository.js';
import { aNewOrganization } from '../builders.js';

/** The repositories under test, over one store that is empty when a case starts. */
export interface RepositoryHarness {
  readonly apiKeys: ApiKeyRepository;
  readonly organizations: OrganizationRepository;
  readonly members: MemberRepository;
  readonly operatorKeys: OperatorKeyRepository;
  readonly auditLog: AuditLog;
  readonly jobLeases: JobLeases;
  readonly observations: UseObservations;
  readonly quotaUses: QuotaUses;
  readonly consoleSessions: ConsoleSessions;
}

/** An organization that is stored, with its owner and the owner's key. */
export async function storedOrganization(
  { organizations }: RepositoryHarness,
  created: NewOrganization = aNewOrganization(),
): Promise<NewOrganization> {
  await organizations.insert(created);
  return created;
}

/** Two organizations that are stored. */
export async function twoOrganizations(
  harness: RepositoryHarness,
): Promise<readonly [NewOrganization, NewOrganization]> {
  return [await storedOrganization(harness), await storedOrganization(harness)];
}
