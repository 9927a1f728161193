import { type Actor, OPERATOR } from '../../domain/actor.js';
import { DISPLAY_NAME_RULE, isDisplayName } from '../../domain/display-name.js';
import { IdentityError } from '../../domain/identity-error.js';
import { OWNER_ROLE, type Member } from '../../domain/member.js';
import { NO_POLICY } from '../../domain/organization-policy.js';
import type { Organization } from '../../domain/organization.js';
import { ScopeGrant } from '../../domain/scope-grant.js';
import type { Token } from '../../domain/token.js';
import type { ApiKeyFactory, ApiKeyDraft } from '../keys/api-key-factory.js';
import type { AuditEvents } from '../audit/audit-events.js';
import type { Clock } from '../ports/clock.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { NewOrganization } from '../ports/organization-repository.js';

/** A new organization that is not stored yet, with the plain text of its owner's key. */
export type OrganizationDraft = NewOrganization & ApiKeyDraft;

/** The terms of an owner's first key. */
export const OWNER_KEY = { name: 'Owner key', grant: ScopeGrant.unrestricted(), expiresAt: null };

/** Builds an organization, its owner and the owner's unrestricted key. Stores nothing. */
export class OrganizationFactory {
  constructor(
    private readonly apiKeyFactory: ApiKeyFactory,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    private readonly events: AuditEvents,
  ) {}

  /** Throws `organization.name_invalid`. */
  async create(
    name: string,
    type: 'organization.created' | 'organization.bootstrapped',
    { token, actor = OPERATOR }: { readonly token?: Token; readonly actor?: Actor | undefined } = {},
  ): Promise<OrganizationDraft> {
    if (!isDisplayName(name)) {
      throw new IdentityError('organization.name_invalid', `The name of an organization ${DISPLAY_NAME_RULE}.`);
    }
    const createdAt = this.clock.now();
    const organization: Organization = { id: this.ids.next(), name, createdAt, disabledAt: null, policy: NO_POLICY };
    const owner: Member = {
      id: this.ids.next(),
      organizationId: organization.id,
      externalId: 'owner',
      email: null,
      displayName: 'Owner',
      role: OWNER_ROLE,
      createdAt,
      disabledAt: null,
    };
    const draft = await this.apiKeyFactory.create({ ...OWNER_KEY, actor, owner, token });
    const { id: apiKeyId, keyPrefix } = draft.apiKey;
    const subject = { organizationId: organization.id, apiKeyId, keyPrefix, changes: { name } };
    return { ...draft, organization, owner, event: this.events.build(type, actor, subject) };
  }
}
