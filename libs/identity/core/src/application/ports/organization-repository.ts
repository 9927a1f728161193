import type { ApiKey } from '../../domain/api-key.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import type { Member } from '../../domain/member.js';
import type { Organization } from '../../domain/organization.js';
import type { ApiKeyPlace, NewApiKey } from './api-key-repository.js';
import type { KeyCount } from './member-repository.js';

/** An organization with its owner, the owner's first key and the event, stored together or not at all. */
export interface NewOrganization extends NewApiKey {
  readonly organization: Organization;
  readonly owner: Member;
}

/** The same without a key. */
export type KeylessOrganization = Pick<NewOrganization, 'organization' | 'owner' | 'event'>;

/** Which organizations to list: at most `limit`, beginning after the one at `after`. */
export interface OrganizationPage {
  readonly limit: number;
  readonly after?: ApiKeyPlace | undefined;
  /** Only organizations whose name contains this text, in any case of ASCII letters. */
  readonly search?: string | undefined;
}

/** What is deleted together with an organization. */
export interface OrganizationContents extends KeyCount {
  readonly members: number;
}

/** The same, with what changes when others take the place of those that were counted: keys go only with their member. */
export interface CountedContents extends OrganizationContents {
  /** The greatest id of a member; those of later ones are greater. Null if there is none. */
  readonly newestMemberId: string | null;
}

/** A change of an organization, written together with the event that records it. */
export interface OrganizationChange {
  /** The organization afterwards: its name, policy and being disabled are taken from it. */
  readonly organization: Organization;
  readonly event: AuditEvent;
}

/**
 * The organizations and their owners. A write is as durable as one of `ApiKeyRepository`, and fails like it. A deleted
 * organization is unknown to every method.
 */
export abstract class OrganizationRepository {
  /** Throws `api_key.conflict` when an id or the key's public part is taken. */
  abstract insert(created: NewOrganization | KeylessOrganization): Promise<void>;

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

  /** A part of the organizations, newest first and by id within one millisecond. */
  abstract listPage(page: OrganizationPage): Promise<Organization[]>;

  /** Null for an unknown organization. */
  abstract find(organizationId: string): Promise<Organization | null>;

  /** @throws IdentityError `organization.not_found` */
  abstract countContents(organizationId: string): Promise<CountedContents>;

  /**
   * Permanently deletes an organization with its members, keys and secrets. Its audit log is kept, and can be read by
   * its id. It stays the organization that the installation was bootstrapped with: no other one is bootstrapped after
   * it.
   *
   * @param decide - gets the stored organization and counts what would be deleted, and returns the event; nothing is
   * deleted if it throws
   * @throws IdentityError `organization.not_found`
   */
  abstract delete(
    organizationId: string,
    decide: (current: Organization, contents: CountedContents) => AuditEvent,
  ): Promise<void>;

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
