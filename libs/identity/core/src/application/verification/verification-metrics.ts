/** Counts verifications since the process started; plain numbers, since they are counted on every request. */
export class VerificationMetrics {
  accepted = 0;
  /** Of all verifications, those whose secret this process had proven before. */
  fromCache = 0;
  /** Refused by address, without a verdict on the token. */
  throttled = 0;
  /** Refused with a good key, whose organization made too many requests. */
  limited = 0;
  /** By the check that refused, in their order. */
  readonly refused = { missing: 0, spelling: 0, unknown: 0, secret: 0, state: 0 };
}
