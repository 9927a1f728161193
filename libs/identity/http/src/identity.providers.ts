import {
  AdoptBootstrapKey,
  ApiKeyVerifier,
  BootstrapOrganization,
  ChangePolicy,
  CheckApiKey,
  Clock,
  CreateOrganization,
  EndApiKeys,
  FindApiKey,
  Identity,
  ImportApiKeys,
  IssueApiKey,
  IssueOwnerKey,
  ListApiKeys,
  ListAuditEvents,
  ListOrganizations,
  RevokeApiKey,
  RevokeUnusedApiKeys,
  RotateApiKey,
  ScopeCatalogue,
  TokenFormat,
  TraceApiKey,
  UpdateApiKey,
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
  endApiKeys: EndApiKeys,
  revokeUnusedApiKeys: RevokeUnusedApiKeys,
  findApiKey: FindApiKey,
  listApiKeys: ListApiKeys,
  traceApiKey: TraceApiKey,
  scopeCatalogue: ScopeCatalogue,
  verifyApiKey: VerifyApiKey,
  checkApiKey: CheckApiKey,
  metrics: VerificationMetrics,
  writeBehind: WriteBehind,
  createOrganization: CreateOrganization,
  bootstrapOrganization: BootstrapOrganization,
  adoptBootstrapKey: AdoptBootstrapKey,
  issueOwnerKey: IssueOwnerKey,
  listOrganizations: ListOrganizations,
  updateOrganization: UpdateOrganization,
  changePolicy: ChangePolicy,
  listAuditEvents: ListAuditEvents,
  importApiKeys: ImportApiKeys,
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
