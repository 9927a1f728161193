/** Where a token was refused, in the order of the checks. */
export const REFUSAL_STAGES = ['missing', 'spelling', 'unknown', 'secret', 'state'] as const;

/** One of `REFUSAL_STAGES`. */
export type RefusalStage = (typeof REFUSAL_STAGES)[number];

/** Counts verifications since the process started; plain numbers, since they are counted on every request. */
export class VerificationTally {
  accepted = 0;
  /** Of all verifications, those whose secret this process had proven before. */
  recalled = 0;
  /** Refused by address, without a verdict on the token. */
  throttled = 0;
  readonly refused: Record<RefusalStage, number> = { missing: 0, spelling: 0, unknown: 0, secret: 0, state: 0 };
}
