import { type Actor, OPERATOR } from '../../domain/actor.js';
import type { ApiKey } from '../../domain/api-key.js';
import type { Member } from '../../domain/member.js';
import type { Organization } from '../../domain/organization.js';
import type { Token } from '../../domain/token.js';
import type { FirstKey, OrganizationDraft, OrganizationFactory, OrganizationOwner } from './organization-factory.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';
import { retryOnConflict } from '../keys/api-key-factory.js';

/** The organization that is wanted. */
export interface SignUpRequest {
  /** 1 to 255 characters. */
  readonly name: string;
  /** Default: a member with the external id `owner`. */
  readonly owner?: OrganizationOwner | undefined;
  /** Default: null, for none. */
  readonly firstKey?: FirstKey | null | undefined;
}

/** An organization that was created, and the token of its owner's first key, whose plain text exists nowhere else. */
export interface SignedUpOrganization {
  readonly organization: Organization;
  readonly owner: Member;
  readonly firstKey: { readonly apiKey: ApiKey; readonly token: Token } | null;
}

/** Creates an organization with an owner. For operators and applications: no key has this right. */
export class CreateOrganization {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly organizationFactory: OrganizationFactory,
  ) {}

  /**
   * Creates an organization whose owner has an unrestricted key.
   *
   * @param name - 1 to 255 characters
   * @param actor - who is recorded in the audit log. Default: the operator
   * @returns what was stored, and the token of the owner's key, whose plain text exists nowhere else
   * @throws IdentityError `organization.name_invalid`
   * @throws IdentityError `hashing.overloaded` or `storage.unavailable`: try again later
   */
  execute(name: string, actor?: Actor): Promise<OrganizationDraft> {
    return retryOnConflict(async () => {
      const created = await this.organizationFactory.create(name, 'organization.created', { actor });
      await this.organizations.insert(created);
      return created;
    });
  }

  /**
   * Creates an organization, its owner and, if it is asked for, the owner's first key with any scopes: all of it in one
   * transaction, or nothing.
   *
   * @param actor - who is recorded in the audit log; a function, where it is the owner. Default: the operator
   * @param signal - aborts when the client disconnects, so that no key is created that nobody receives
   * @throws IdentityError `organization.name_invalid`, `member.invalid`, `api_key.name_invalid`,
   * `api_key.scope_invalid`, `api_key.expiry_in_past`: invalid values
   * @throws IdentityError `api_key.scope_unknown`: it is not in the catalogue of scopes
   * @throws IdentityError `hashing.overloaded` or `storage.unavailable`: try again later
   */
  signUp(
    { name, owner, firstKey = null }: SignUpRequest,
    actor: Actor | ((owner: Member) => Actor) = OPERATOR,
    signal?: AbortSignal,
  ): Promise<SignedUpOrganization> {
    const type = 'organization.created';
    return retryOnConflict(async () => {
      if (firstKey === null) {
        const created = this.organizationFactory.createWithoutKey(name, type, { actor, owner });
        await this.organizations.insert(created);
        return { organization: created.organization, owner: created.owner, firstKey: null };
      }
      const created = await this.organizationFactory.create(name, type, { actor, owner, firstKey, signal });
      await this.organizations.insert(created);
      const { apiKey, token } = created;
      return { organization: created.organization, owner: created.owner, firstKey: { apiKey, token } };
    });
  }
}
