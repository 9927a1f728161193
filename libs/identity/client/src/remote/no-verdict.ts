/**
 * Why a question had no verdict: nobody answered it (`unreachable`), it was one too many here (`crowded`) or for the
 * service (`limited`), the service does not accept who asks (`rejected`), or what answered is no verdict (`malformed`).
 */
export type NoVerdictReason = 'unreachable' | 'crowded' | 'limited' | 'rejected' | 'malformed';

/** Nobody knows whether a key is good. `message` is for logs and holds nothing of any key. */
export class NoVerdict extends Error {
  override readonly name = 'NoVerdict';

  constructor(
    readonly reason: NoVerdictReason,
    message: string,
    /** When it may be tried again. */
    readonly retryAfterSeconds = 1,
  ) {
    super(message);
  }
}

/** Why a question that nobody answers ends. */
export function noAnswer(): NoVerdict {
  return new NoVerdict('unreachable', 'The identity service gave no answer in time.');
}
