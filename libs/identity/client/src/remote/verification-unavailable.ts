/**
 * Why a question had no verdict: the service is away (`unreachable`), it is there and took too long (`slow`), it was one
 * too many here (`queue_full`) or for the service (`limited`), the service does not accept who asks (`rejected`), or what
 * answered is no verdict (`malformed`).
 */
export type UnavailableReason = 'unreachable' | 'slow' | 'queue_full' | 'limited' | 'rejected' | 'malformed';

/** Nobody knows whether a key is good. `message` is for logs and holds nothing of any key. */
export class VerificationUnavailable extends Error {
  override readonly name = 'VerificationUnavailable';

  constructor(
    readonly reason: UnavailableReason,
    message: string,
    /** When it may be tried again. */
    readonly retryAfterSeconds = 1,
  ) {
    super(message);
  }
}

/** Why a question ends that is not answered, as no other is. */
export function noAnswer(): VerificationUnavailable {
  return new VerificationUnavailable('unreachable', 'The identity service gave no answer in time.');
}

/** Why a question ends that is not answered, while the service answers others. */
export function slow(): VerificationUnavailable {
  return new VerificationUnavailable('slow', 'The identity service answers, but took too long over a key.');
}

/** Why a question ends that had to wait too long for others, or would have to. */
export function queueFull(): VerificationUnavailable {
  return new VerificationUnavailable('queue_full', 'Too many keys wait for the identity service.');
}
