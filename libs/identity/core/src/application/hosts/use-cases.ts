import type { FindApiKey } from '../keys/find-api-key.js';
import type { IssueApiKey } from '../keys/issue-api-key.js';
import type { ListApiKeys } from '../keys/list-api-keys.js';
import type { RevokeApiKey } from '../keys/revoke-api-key.js';
import type { RotateApiKey } from '../keys/rotate-api-key.js';
import type { UpdateApiKey } from '../keys/update-api-key.js';
import type { FindMember } from '../members/find-member.js';
import type { ListMembers } from '../members/list-members.js';
import type { ProvideMember } from '../members/provide-member.js';
import type { RemoveMember } from '../members/remove-member.js';
import type { UpdateMember } from '../members/update-member.js';
import type { ChangePolicy } from '../organizations/change-policy.js';
import type { CreateOrganization } from '../organizations/create-organization.js';
import type { DeleteOrganization } from '../organizations/delete-organization.js';
import type { FindOrganization } from '../organizations/find-organization.js';
import type { UpdateOrganization } from '../organizations/update-organization.js';

/** What `ApiKeys` and `Organizations` are made of. */
export interface HostUseCases {
  readonly issueApiKey: IssueApiKey;
  readonly updateApiKey: UpdateApiKey;
  readonly rotateApiKey: RotateApiKey;
  readonly revokeApiKey: RevokeApiKey;
  readonly findApiKey: FindApiKey;
  readonly listApiKeys: ListApiKeys;
  readonly createOrganization: CreateOrganization;
  readonly findOrganization: FindOrganization;
  readonly updateOrganization: UpdateOrganization;
  readonly deleteOrganization: DeleteOrganization;
  readonly changePolicy: ChangePolicy;
  readonly provideMember: ProvideMember;
  readonly findMember: FindMember;
  readonly listMembers: ListMembers;
  readonly updateMember: UpdateMember;
  readonly removeMember: RemoveMember;
}
