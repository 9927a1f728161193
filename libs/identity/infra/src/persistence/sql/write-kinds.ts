/**
 * Every kind of write, and whether it may take something away from a key, or change in another way what a verification
 * answers. Such a write is acknowledged when no instance answers by the state before any more (ADR 44). A kind that is
 * missing here does not compile. One that is classed wrong costs time and no safety: the database's triggers wait instead.
 */
const CHANGES_CREDENTIALS = {
  /** Adds rows, and counts live keys. No instance holds a row that it did not find. */
  createApiKeys: false,
  importApiKeys: false,
  createOrganization: false,
  createMember: false,
  /** Names, scopes, ends, limits, networks, disabling and rotation. */
  changeApiKey: true,
  revokeApiKey: true,
  /** Revokes or disables many, with what they have made. */
  endApiKeys: true,
  /** Disables it, or changes its policy or name. */
  changeOrganization: true,
  deleteOrganization: true,
  changeMember: true,
  removeMember: true,
  /** When and from where a key was used, and its proof under another pepper: the rows before are as good. */
  recordUse: false,
  renewProofs: false,
  /** Columns and tables that verifications do not read. */
  countContents: false,
  announceExpiry: false,
  countQuotas: false,
  countUsage: false,
  appendAuditEvent: false,
  leaseJob: false,
  observeUse: false,
  rememberSettings: false,
  /** Read anew for each request. */
  changeOperatorKeys: false,
  changeConsoleSessions: false,
} as const satisfies Record<string, boolean>;

/** What a write does. */
export type WriteKind = keyof typeof CHANGES_CREDENTIALS;

/** Whether the write is acknowledged only after every instance has heard of it. */
export function changesCredentials(kind: WriteKind): boolean {
  return CHANGES_CREDENTIALS[kind];
}
