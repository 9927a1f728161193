import type { ApiKey } from '../../domain/api-key.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import type { Member } from '../../domain/member.js';
import type { Organization } from '../../domain/organization.js';
import type { NewApiKey } from './api-key-repository.js';

/** An organization with its owner, the owner's first key and the event, stored together or not at all. */
export interface NewOrganization extends NewApiKey {
  readonly organization: Organization;
  readonly owner: Member;
}

/** A change of an organization, written together with the event that records it. */
export interface OrganizationChange {
  /** The organization afterwards: its name, policy and being disabled are taken from it. */
  readonly organization: Organization;
  readonly event: AuditEvent;
}

/** The organizations and their members. A write is as durable as one of `ApiKeyRepository`, and fails like it. */
export abstract class OrganizationRepository {
  /** Throws `api_key.conflict` when an id or the key's public part is taken. */
  abstract insert(created: NewOrganization): Promise<void>;

  /**
   * Like `insert`, and marks this as the organization the installation was bootstrapped with. Of any number of
   * concurrent calls exactly one succeeds; the others throw `organization.already_bootstrapped`.
   */
  abstract insertBootstrap(created: NewOrganization): Promise<void>;

  /** The owner of the organization the installation was bootstrapped with; null before that. */
  abstract findBootstrapOwner(): Promise<Member | null>;

  /** The oldest member with the owner's role; null for an unknown organization. */
  abstract findOwner(organizationId: string): Promise<Member | null>;

  /** The same for several organizations, by their ids; unknown ones are left out. */
  abstract findOwners(organizationIds: readonly string[]): Promise<ReadonlyMap<string, Member>>;

  /** All organizations, oldest first. */
  abstract list(): Promise<Organization[]>;

  /**
   * Changes an organization, while nothing else can change it.
   *
   * @param decide - gets the stored organization and returns the change; null for none
   * @param changedBy - the calling key, which is refused as `ApiKeyRepository.insert` refuses `issuedBy`
   * @returns the organization afterwards
   * @throws IdentityError `organization.not_found`
   */
  abstract change(
    organizationId: string,
    decide: (current: Organization) => OrganizationChange | null,
    changedBy?: ApiKey | null,
  ): Promise<Organization>;
}
