/** The reasons of refusals, spelled `noun.reason`. A transport maps each code to its own answer, exhaustively. */
export type IdentityErrorCode =
  | 'address.not_allowed'
  | 'authentication.required'
  | 'api_key.conflict'
  | 'api_key.description_invalid'
  | 'api_key.disabled'
  | 'api_key.environment_not_held'
  | 'api_key.expired'
  | 'api_key.expiry_in_past'
  | 'api_key.import_invalid'
  | 'api_key.labels_invalid'
  | 'api_key.limit_exceeds_caller'
  | 'api_key.limit_invalid'
  | 'api_key.limit_reached'
  | 'api_key.locks_out'
  | 'api_key.metadata_invalid'
  | 'api_key.name_invalid'
  | 'api_key.network_not_held'
  | 'api_key.networks_invalid'
  | 'api_key.not_found'
  | 'api_key.outlives_caller'
  | 'api_key.policy_violated'
  | 'api_key.scope_invalid'
  | 'api_key.scope_not_held'
  | 'api_key.scope_unknown'
  | 'api_key.secrets_exhausted'
  | 'caller.changed'
  | 'console_link.from_session'
  | 'console_session.not_found'
  | 'cursor.invalid'
  | 'hashing.overloaded'
  | 'member.conflict'
  | 'member.disabled'
  | 'member.invalid'
  | 'member.not_found'
  | 'organization.already_bootstrapped'
  | 'organization.deletion_unconfirmed'
  | 'organization.disabled'
  | 'organization.name_invalid'
  | 'organization.not_found'
  | 'permission.denied'
  | 'policy.invalid'
  | 'storage.unavailable'
  | 'token.format_invalid'
  | 'token.taken'
  | 'verification.unavailable';

/** Options of `IdentityError`. */
export interface RefusalOptions extends ErrorOptions {
  /** When to try again, in seconds. Default: what the transport answers for the code. */
  readonly retryAfterSeconds?: number;
}

/** A refusal by the domain. `message` may be shown to the client; `cause` is for logs only. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: IdentityErrorCode,
    message: string,
    options: RefusalOptions = {},
  ) {
    super(message, options);
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
