/** Who changed something, and from where, for the audit log. */
export interface Actor {
  /** A key through the API, the operator through the command line or a setting, or the service by itself. */
  readonly type: 'api_key' | 'operator' | 'system';
  readonly apiKeyId: string | null;
  readonly memberId: string | null;
  readonly requestId: string | null;
  /** IP address of the client. */
  readonly sourceAddress: string | null;
}

const NOBODY = { apiKeyId: null, memberId: null, requestId: null, sourceAddress: null };

/** The operator: a person with access to the command line or the settings of the service. */
export const OPERATOR: Actor = { ...NOBODY, type: 'operator' };

/** The service itself, for instance when it applies a policy. */
export const SYSTEM: Actor = { ...NOBODY, type: 'system' };
