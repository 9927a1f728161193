/**
 * Why a question had no verdict: the service is away (`unreachable`), it is there and took too long (`slow`), it was one
 * too many here (`crowded`) or for the service (`limited`), the service does not accept who asks (`rejected`), or what
 * answered is no verdict (`malformed`).
 */
export type NoVerdictReason = 'unreachable' | 'slow' | 'crowded' | 'limited' | 'rejected' | 'malformed';

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

/** Why a question ends that is not answered, as no other is. */
export function noAnswer(): NoVerdict {
  return new NoVerdict('unreachable', 'The identity service gave no answer in time.');
}

/** Why a question ends that is not answered, while the service answers others. */
export function slow(): NoVerdict {
  return new NoVerdict('slow', 'The identity service answers, but took too long over a key.');
}

/** Why a question ends that had to wait too long for others, or would have to. */
export function crowded(): NoVerdict {
  return new NoVerdict('crowded', 'Too many keys wait for the identity service.');
}
