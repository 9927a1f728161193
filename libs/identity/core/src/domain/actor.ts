/** Who changed something, and from where, as the audit log tells it. */
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

/** Whoever may run the command line or set the service up. */
export const OPERATOR: Actor = { ...NOBODY, type: 'operator' };

/** The service itself, as when it applies a policy. */
export const SYSTEM: Actor = { ...NOBODY, type: 'system' };
