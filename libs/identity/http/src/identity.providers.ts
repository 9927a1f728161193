import {
  AdoptBootstrapKey,
  ApiKeys,
  ApiKeyVerifier,
  BootstrapOrganization,
  ChangePolicy,
  CheckApiKey,
  Clock,
  CreateMember,
  CreateOrganization,
  DeleteOrganization,
  FindApiKey,
  FindMember,
  FindOrganization,
  Identity,
  ImportApiKeys,
  IssueApiKey,
  IssueOwnerKey,
  ListApiKeys,
  ListAuditEvents,
  ListMembers,
  ListOrganizations,
  Organizations,
  ProvideMember,
  RemoveMember,
  RevokeApiKey,
  RevokeUnusedApiKeys,
  RotateApiKey,
  TokenFormat,
  TraceApiKey,
  UpdateApiKey,
  UpdateMember,
  UpdateOrganization,
  VerificationMetrics,
  VerifyApiKey,
  WriteBehind,
} from '@feather-identity/core';
import type { Provider } from '@nestjs/common';
import { MODULE_OPTIONS_TOKEN } from './identity.module-definition.js';
import type { IdentityModuleOptions } from './identity.options.js';

/** The class that each member of `Identity` is injected by. A new member does not compile until it is listed here. */
const MEMBERS: { readonly [Name in keyof Identity]: abstract new (...args: never[]) => Identity[Name] } = {
  issueApiKey: IssueApiKey,
  updateApiKey: UpdateApiKey,
  rotateApiKey: RotateApiKey,
  revokeApiKey: RevokeApiKey,
  revokeUnusedApiKeys: RevokeUnusedApiKeys,
  findApiKey: FindApiKey,
  listApiKeys: ListApiKeys,
  traceApiKey: TraceApiKey,
  verifyApiKey: VerifyApiKey,
  checkApiKey: CheckApiKey,
  metrics: VerificationMetrics,
  writeBehind: WriteBehind,
  createOrganization: CreateOrganization,
  bootstrapOrganization: BootstrapOrganization,
  adoptBootstrapKey: AdoptBootstrapKey,
  issueOwnerKey: IssueOwnerKey,
  listOrganizations: ListOrganizations,
  findOrganization: FindOrganization,
  updateOrganization: UpdateOrganization,
  deleteOrganization: DeleteOrganization,
  changePolicy: ChangePolicy,
  createMember: CreateMember,
  provideMember: ProvideMember,
  findMember: FindMember,
  listMembers: ListMembers,
  updateMember: UpdateMember,
  removeMember: RemoveMember,
  listAuditEvents: ListAuditEvents,
  importApiKeys: ImportApiKeys,
  hostApiKeys: ApiKeys,
  hostOrganizations: Organizations,
};

const members = Object.entries(MEMBERS).map(([name, provide]): Provider => {
  const useFactory = (identity: Identity): unknown => identity[name as keyof Identity];
  return { provide, inject: [Identity], useFactory };
});

/** `Identity`, built from the options of the host application, and each of its members by its own class. */
export const identityProviders: readonly Provider[] = [
  {
    provide: Identity,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: (options: IdentityModuleOptions) => new Identity(options, options),
  },
  ...members,
  { provide: ApiKeyVerifier, useExisting: VerifyApiKey },
  {
    provide: TokenFormat,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: ({ tokenFormat }: IdentityModuleOptions) => tokenFormat,
  },
  { provide: Clock, inject: [MODULE_OPTIONS_TOKEN], useFactory: ({ clock }: IdentityModuleOptions) => clock },
];
