/**
 * Why a token got no verdict:
 *
 * - `unreachable`: the service does not answer.
 * - `slow`: the service answers other calls, but took too long for this one.
 * - `queue_full`: too many calls wait in this process.
 * - `limited`: the service answered 429.
 * - `rejected`: the service does not accept the key of this application.
 * - `malformed`: the answer is not a verdict.
 */
export type UnavailableReason = 'unreachable' | 'slow' | 'queue_full' | 'limited' | 'rejected' | 'malformed';

/** The service gave no verdict on a token. `message` is for logs and contains no key. */
export class VerificationUnavailable extends Error {
  override readonly name = 'VerificationUnavailable';

  constructor(
    readonly reason: UnavailableReason,
    message: string,
    readonly retryAfterSeconds = 1,
  ) {
    super(message);
  }
}

/** For a call without an answer while the service answers no other call either. */
export function noAnswer(): VerificationUnavailable {
  return new VerificationUnavailable('unreachable', 'The identity service gave no answer in time.');
}

/** For a call without an answer while the service answers other calls. */
export function slow(): VerificationUnavailable {
  return new VerificationUnavailable('slow', 'The identity service answers, but took too long over a key.');
}

/** For a call that waited too long in the queue, or did not fit into it. */
export function queueFull(): VerificationUnavailable {
  return new VerificationUnavailable('queue_full', 'Too many keys wait for the identity service.');
}
