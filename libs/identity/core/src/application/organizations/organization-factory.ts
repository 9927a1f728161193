import { type Actor, OPERATOR } from '../../domain/actor.js';
import type { ApiKey } from '../../domain/api-key.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import { DISPLAY_NAME_RULE, isDisplayName } from '../../domain/display-name.js';
import { IdentityError } from '../../domain/identity-error.js';
import { assertMemberTexts, OWNER_ROLE, type Member } from '../../domain/member.js';
import { NO_POLICY } from '../../domain/organization-policy.js';
import type { Organization } from '../../domain/organization.js';
import type { ScopeCatalogue } from '../../domain/scope-catalogue.js';
import { ScopeGrant } from '../../domain/scope-grant.js';
import type { Token } from '../../domain/token.js';
import type { ApiKeyFactory, ApiKeyDraft } from '../keys/api-key-factory.js';
import type { AuditEvents } from '../audit/audit-events.js';
import type { Clock } from '../ports/clock.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { KeylessOrganization, NewOrganization } from '../ports/organization-repository.js';
import { assertExpiry } from '../keys/grantor.js';

/** A new organization that is not stored yet, with the plain text of its owner's key. */
export type OrganizationDraft = NewOrganization & ApiKeyDraft;

/** Who owns an organization. Each text has 1 to 255 characters. */
export interface OrganizationOwner {
  /** The owner's id in the identity provider. */
  readonly externalId: string;
  /** Default: null. */
  readonly email?: string | null | undefined;
  /** Default: null. */
  readonly displayName?: string | null | undefined;
}

/** The owner's first key. Whoever creates the organization chooses its scopes, of those in the catalogue. */
export interface FirstKey {
  /** 1 to 255 characters. Default: `Owner key`. */
  readonly name?: string | undefined;
  /** What the key may do. Default, and if empty: everything. */
  readonly scopes?: readonly string[] | undefined;
  /** Default: null, for a key that does not expire. */
  readonly expiresAt?: Date | null | undefined;
}

/** The terms of an owner's first key. */
export const OWNER_KEY = { name: 'Owner key', grant: ScopeGrant.unrestricted(), expiresAt: null };

const DEFAULT_OWNER: OrganizationOwner = { externalId: 'owner', displayName: 'Owner' };

/** What is decided about a new organization. */
export interface OrganizationTerms {
  /** Who is recorded in the audit log; a function, where it is the owner. Default: the operator. */
  readonly actor?: Actor | ((owner: Member) => Actor) | undefined;
  readonly owner?: OrganizationOwner | undefined;
}

/** What is decided about a new organization that has a first key. */
export interface FirstKeyTerms extends OrganizationTerms {
  /** A token that the operator chose. Default: a generated one. */
  readonly token?: Token;
  /** Default: an unrestricted key that does not expire. */
  readonly firstKey?: FirstKey;
  readonly signal?: AbortSignal | undefined;
}

/** How an organization comes about. */
export type CreationType = 'organization.created' | 'organization.bootstrapped';

/** Builds an organization, its owner and the owner's first key. Stores nothing. */
export class OrganizationFactory {
  constructor(
    private readonly apiKeyFactory: ApiKeyFactory,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    private readonly events: AuditEvents,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  /** Throws `organization.name_invalid`, `member.invalid`, and as `IssueApiKey` for a first key that is invalid. */
  async create(
    name: string,
    type: CreationType,
    { actor: given = OPERATOR, owner: wanted, token, firstKey = {}, signal }: FirstKeyTerms = {},
  ): Promise<OrganizationDraft> {
    const terms = this.keyTerms(firstKey);
    const { organization, owner } = this.build(name, wanted);
    const actor = typeof given === 'function' ? given(owner) : given;
    const draft = await this.apiKeyFactory.create({ ...terms, actor, owner, token, signal });
    const { id: apiKeyId, keyPrefix } = draft.apiKey;
    const changes = { name, owner_external_id: owner.externalId, ...auditedFirstKey(draft.apiKey) };
    const subject = { organizationId: organization.id, apiKeyId, keyPrefix, changes };
    return { ...draft, organization, owner, event: this.events.build(type, actor, subject) };
  }

  /** Throws `organization.name_invalid` and `member.invalid`. */
  createWithoutKey(
    name: string,
    type: CreationType,
    { actor: given = OPERATOR, owner: wanted }: OrganizationTerms,
  ): KeylessOrganization {
    const { organization, owner } = this.build(name, wanted);
    const actor = typeof given === 'function' ? given(owner) : given;
    const changes = { name, owner_external_id: owner.externalId };
    const subject = { organizationId: organization.id, apiKeyId: null, keyPrefix: null, changes };
    return { organization, owner, event: this.events.build(type, actor, subject) };
  }

  private build(
    name: string,
    { externalId, email = null, displayName = null }: OrganizationOwner = DEFAULT_OWNER,
  ): Pick<KeylessOrganization, 'organization' | 'owner'> {
    if (!isDisplayName(name)) {
      throw new IdentityError('organization.name_invalid', `The name of an organization ${DISPLAY_NAME_RULE}.`);
    }
    const createdAt = this.clock.now();
    const organization: Organization = { id: this.ids.next(), name, createdAt, disabledAt: null, policy: NO_POLICY };
    const owner: Member = {
      id: this.ids.next(),
      organizationId: organization.id,
      externalId,
      email,
      displayName,
      role: OWNER_ROLE,
      createdAt,
      disabledAt: null,
    };
    assertMemberTexts(owner);
    return { organization, owner };
  }

  private keyTerms({ name = OWNER_KEY.name, scopes = [], expiresAt = null }: FirstKey) {
    if (!isDisplayName(name)) {
      throw new IdentityError('api_key.name_invalid', `The name of a key ${DISPLAY_NAME_RULE}.`);
    }
    this.catalogue.assertKnown(scopes);
    const now = this.clock.now();
    assertExpiry({ policy: NO_POLICY }, now, expiresAt, now);
    return { name, grant: OWNER_KEY.grant.narrow(scopes), expiresAt };
  }
}

/** What the first key may do and until when, by the names of the fields in a sign-up. */
function auditedFirstKey({ name, grant, expiresAt }: ApiKey): AuditEvent['changes'] {
  return {
    first_key_name: name,
    first_key_scopes: grant.unrestricted ? ['*'] : grant.scopes,
    first_key_expires_at: expiresAt && expiresAt.toISOString(),
  };
}
