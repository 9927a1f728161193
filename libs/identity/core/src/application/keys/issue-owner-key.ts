import { type Actor, OPERATOR } from '../../domain/actor.js';
import { IdentityError } from '../../domain/identity-error.js';
import { NO_OWNER } from '../../domain/member.js';
import { assertOrganizationEnabled } from '../../domain/organization.js';
import type { ApiKeyDraft } from './api-key-factory.js';
import { findOrganization } from '../organizations/find-organization.js';
import { operatorGrantor } from './grantor.js';
import type { IssueApiKey, IssueApiKeyRequest } from './issue-api-key.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';

/** The operator's way to a key of an organization: one of its owner, unrestricted unless scopes are named. */
export class IssueOwnerKey {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly issueApiKey: IssueApiKey,
  ) {}

  /**
   * @param actor - who is recorded in the audit log
   * @returns the stored key and its token, the only copy of the plain text
   * @throws IdentityError `organization.not_found`
   * @throws IdentityError `organization.disabled` or `member.disabled`, since the token would be refused
   * @throws IdentityError `member.not_found`: every owner was removed
   * @throws IdentityError as `IssueApiKey`
   */
  async execute(
    organizationId: string,
    request: IssueApiKeyRequest,
    actor: Actor = OPERATOR,
  ): Promise<Pick<ApiKeyDraft, 'apiKey' | 'token'>> {
    const organization = await findOrganization(this.organizations, organizationId);
    assertOrganizationEnabled(organization);
    const member = await this.organizations.findOwner(organizationId);
    if (member === null) throw new IdentityError('member.not_found', NO_OWNER);
    if (member.disabledAt !== null) {
      throw new IdentityError('member.disabled', 'The owner is disabled: its keys are refused.');
    }
    return this.issueApiKey.execute(operatorGrantor(member, actor), request);
  }
}
