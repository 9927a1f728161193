/** A sliding window: at most `limit` requests in any span of `windowMs`. */
export interface RateWindow {
  /** Whose requests it counts. */
  readonly kind: 'organization' | 'key';
  readonly id: string;
  /** A whole number from 1. */
  readonly limit: number;
  /** In milliseconds. */
  readonly windowMs: number;
}

/** The remainder of a window. */
export interface RateWindowState {
  /** How many more requests are admitted now. */
  readonly remaining: number;
  /** In how many milliseconds there will be one more; 0 if none is counted. */
  readonly msUntilMore: number;
}

/** What became of one request. */
export interface RateVerdict {
  /** The index of the first window that refuses the request; null if it was admitted. */
  readonly refusedBy: number | null;
  /** Of each window, in order, with this request. */
  readonly states: readonly RateWindowState[];
}

/** The failures of one source in the current minute. */
export interface FailureCount {
  readonly failures: number;
  /** In how many milliseconds they begin at 0 again. */
  readonly msUntilReset: number;
}

/** For how long failures are counted together, from the first one on, in milliseconds. */
export const FAILURE_WINDOW_MS = 60_000;

/**
 * Counts requests and failures: of one process, or of all instances of an application. Where it cannot count in time, its
 * promises reject: no request may wait for it for long.
 */
export abstract class RateLimitStore {
  /**
   * Admits a request that all of these windows admit, and counts it in each; or refuses it, and counts it in none. A
   * client that keeps to its limits is never refused. A window whose limit or length has changed keeps its count.
   *
   * @param windows - at most one of each kind
   * @param counts - with false, an admitted request is not counted either. Default: true
   */
  abstract take(windows: readonly RateWindow[], counts?: boolean): RateVerdict | Promise<RateVerdict>;

  /** Counts one failure of a source. Others may share its count, but nobody can choose whose. */
  abstract countFailure(source: string): Promise<FailureCount>;
}
