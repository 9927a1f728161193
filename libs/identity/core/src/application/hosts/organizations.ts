import { memberActor } from '../../domain/actor.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { OrganizationPolicy } from '../../domain/organization-policy.js';
import type { Organization } from '../../domain/organization.js';
import type { Page } from '../page.js';
import type { FirstKey } from '../organizations/organization-factory.js';
import type { OrganizationContents } from '../ports/organization-repository.js';
import { type KeyWithToken, toKeyInfo } from './api-keys.js';
import { assertInstant, assertOrganizationId, pageLimit } from './argument-checks.js';
import type { HostUseCases } from './use-cases.js';
import {
  type ActingUser,
  actorOf,
  findUser,
  fromOrigin,
  type KeyUser,
  requireUser,
  type StoredUser,
  toStoredUser,
} from './users.js';

/** A request to create an organization. */
export interface CreateOrganizationRequest extends Pick<ActingUser, 'origin'> {
  /** 1 to 255 characters. */
  readonly name: string;
  /** The user who signs up, recorded as the actor, with the role `org:admin`. Default: a member named `owner`. */
  readonly owner?: Omit<KeyUser, 'role'> | undefined;
  /** The owner's first key. Default: none. Its `scopes` are required; `['*']` for everything. */
  readonly firstKey?: (FirstKey & { readonly scopes: readonly string[] }) | undefined;
}

/** An organization that was created. */
export interface CreatedOrganization {
  readonly organization: Organization;
  readonly owner: StoredUser;
  /** Null if none was requested. */
  readonly firstKey: KeyWithToken | null;
}

/** Which users of an organization to list. */
export interface ListUsersRequest {
  /** Maximum number of users on a page, 1 to 1,000. Default: 50. */
  readonly limit?: number | undefined;
  /** `next` of the page before. Default: the beginning. */
  readonly cursor?: string | undefined;
  /** Only users with exactly this role. Default: all. */
  readonly role?: string | undefined;
}

/** The fields of a user to change; omitted fields stay unchanged. */
export type UserUpdate = Omit<KeyUser, 'externalId'>;

/**
 * The organizations of an application, one for each of its customers.
 *
 * @example
 * ```ts
 * const { organization } = await organizations.create({
 *   name: 'Acme',
 *   owner: { externalId: user.id, email: user.email, name: user.name },
 * });
 * ```
 */
export class Organizations {
  /** The users who have or had keys. */
  readonly members: OrganizationMembers;

  constructor(
    private readonly useCases: HostUseCases,
    private readonly joined: (transaction: object) => Organizations,
  ) {
    this.members = new OrganizationMembers(useCases);
  }

  /**
   * The same organizations inside a transaction of the application; see `ApiKeys.within`.
   *
   * @example
   * ```ts
   * await dataSource.transaction(async (manager) => {
   *   const { organization } = await organizations.within(manager).create({ name, owner });
   *   await manager.insert(Customer, { organizationId: organization.id, plan });
   * });
   * ```
   */
  within(transaction: object): Organizations {
    return this.joined(transaction);
  }

  /**
   * Creates an organization with its owner and, if requested, the owner's first key: all of it or nothing.
   *
   * @throws IdentityError `organization.name_invalid`, `member.invalid`
   * @throws IdentityError `api_key.name_invalid`, `api_key.scope_invalid`, `api_key.scope_unknown`,
   * `api_key.expiry_in_past`: of the first key
   * @throws IdentityError `hashing.overloaded` or `storage.unavailable`: try again later
   */
  async create({ name, owner, firstKey, origin }: CreateOrganizationRequest): Promise<CreatedOrganization> {
    assertInstant(firstKey?.expiresAt);
    // Types do not see it in JavaScript: nobody gets everything by leaving something out.
    if (firstKey && ((firstKey as FirstKey).scopes ?? []).length === 0) {
      throw new IdentityError('api_key.scope_invalid', 'Name the scopes of the first key, or ["*"] for everything.');
    }
    const created = await this.useCases.createOrganization.signUp(
      { name, owner: owner && { ...owner, displayName: owner.name }, firstKey },
      (member) => memberActor(member, fromOrigin(origin)),
    );
    const first = created.firstKey;
    return {
      organization: created.organization,
      owner: toStoredUser(created.owner),
      firstKey: first && { apiKey: toKeyInfo(first.apiKey), token: first.token.reveal() },
    };
  }

  /** @throws IdentityError `organization.not_found` */
  async find(organizationId: string): Promise<Organization> {
    assertOrganizationId(organizationId);
    return this.useCases.findOrganization.execute(organizationId);
  }

  /**
   * @param name - 1 to 255 characters
   * @throws IdentityError `organization.not_found`, `organization.name_invalid`
   */
  rename(organizationId: string, name: string, by: ActingUser = {}): Promise<Organization> {
    return this.update(organizationId, { name }, by);
  }

  /**
   * Disables an organization: all of its keys are refused from the next request on.
   *
   * @throws IdentityError `organization.not_found`
   */
  disable(organizationId: string, by: ActingUser = {}): Promise<Organization> {
    return this.update(organizationId, { isActive: false }, by);
  }

  /**
   * Accepts the keys of a disabled organization again.
   *
   * @throws IdentityError `organization.not_found`
   */
  enable(organizationId: string, by: ActingUser = {}): Promise<Organization> {
    return this.update(organizationId, { isActive: true }, by);
  }

  /**
   * Changes what an organization requires of its keys. `find` shows it.
   *
   * @param changed - the fields to change; omitted fields stay unchanged
   * @returns the whole policy afterwards
   * @throws IdentityError `organization.not_found`, `policy.invalid`, `api_key.limit_invalid`
   */
  async setPolicy(
    organizationId: string,
    changed: Partial<OrganizationPolicy>,
    by: ActingUser = {},
  ): Promise<OrganizationPolicy> {
    assertOrganizationId(organizationId);
    const actor = await actorOf(this.useCases.findMember, organizationId, by);
    return this.useCases.changePolicy.execute({ actor, member: { organizationId }, apiKey: null }, changed);
  }

  /**
   * Deletes an organization with its members and keys permanently. The audit log is kept.
   *
   * @returns how many members and keys were deleted with it
   * @throws IdentityError `organization.not_found`
   * @throws IdentityError `organization.deletion_unconfirmed`: it was changed at the same time; try again
   */
  async delete(organizationId: string, by: ActingUser = {}): Promise<OrganizationContents> {
    assertOrganizationId(organizationId);
    const { contents, confirmation } = await this.useCases.deleteOrganization.plan(organizationId);
    const actor = await actorOf(this.useCases.findMember, organizationId, by);
    await this.useCases.deleteOrganization.execute(organizationId, confirmation, actor);
    return contents;
  }

  private async update(
    organizationId: string,
    changes: Parameters<HostUseCases['updateOrganization']['execute']>[1],
    by: ActingUser,
  ): Promise<Organization> {
    assertOrganizationId(organizationId);
    const actor = await actorOf(this.useCases.findMember, organizationId, by);
    return this.useCases.updateOrganization.execute(organizationId, changes, actor);
  }
}

/**
 * The users of organizations. `ApiKeys.issue` creates them. Each method identifies a user by its id in the application.
 */
export class OrganizationMembers {
  constructor(private readonly useCases: HostUseCases) {}

  /**
   * Lists the users of an organization, newest first, disabled ones too.
   *
   * @throws RangeError for a `limit` that is no whole number from 1 to 1,000
   * @throws IdentityError `organization.not_found`, `cursor.invalid`
   */
  async list(organizationId: string, request: ListUsersRequest = {}): Promise<Page<StoredUser>> {
    const limit = pageLimit(request.limit);
    assertOrganizationId(organizationId);
    await this.useCases.findOrganization.execute(organizationId);
    const { items, next } = await this.useCases.listMembers.execute(organizationId, { ...request, limit });
    return { items: items.map(toStoredUser), next };
  }

  /** @throws IdentityError `member.not_found` */
  async find(organizationId: string, user: string): Promise<StoredUser> {
    return toStoredUser(await requireUser(this.useCases.findMember, organizationId, user));
  }

  /** @throws IdentityError `member.not_found`, `member.invalid` */
  update(
    organizationId: string,
    user: string,
    { name, ...update }: UserUpdate,
    by: ActingUser = {},
  ): Promise<StoredUser> {
    return this.change(organizationId, user, { ...update, displayName: name }, by);
  }

  /**
   * Disables a user: its keys are refused from the next request on, and it gets no new ones.
   *
   * @throws IdentityError `member.not_found`
   */
  disable(organizationId: string, user: string, by: ActingUser = {}): Promise<StoredUser> {
    return this.change(organizationId, user, { isActive: false }, by);
  }

  /**
   * Accepts the keys of a disabled user again.
   *
   * @throws IdentityError `member.not_found`
   */
  enable(organizationId: string, user: string, by: ActingUser = {}): Promise<StoredUser> {
    return this.change(organizationId, user, { isActive: true }, by);
  }

  /**
   * Removes a user with all of its keys permanently: they are refused from the next request on. The audit log is kept.
   * This is not a ban: `ApiKeys.issue` creates the user again.
   *
   * @returns false for a user who never had a key
   * @throws IdentityError `organization.not_found`
   */
  async remove(organizationId: string, user: string, by: ActingUser = {}): Promise<boolean> {
    const member = await findUser(this.useCases.findMember, organizationId, user);
    if (member === null) return false;
    const actor = await actorOf(this.useCases.findMember, organizationId, by);
    await this.useCases.removeMember.execute(organizationId, member.id, actor);
    return true;
  }

  private async change(
    organizationId: string,
    user: string,
    changes: Parameters<HostUseCases['updateMember']['execute']>[2],
    by: ActingUser,
  ): Promise<StoredUser> {
    const { id } = await requireUser(this.useCases.findMember, organizationId, user);
    const actor = await actorOf(this.useCases.findMember, organizationId, by);
    return toStoredUser(await this.useCases.updateMember.execute(organizationId, id, changes, actor));
  }
}
