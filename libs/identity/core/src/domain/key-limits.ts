/** How many requests a key may make in any stretch of time of this length. */
export interface RateLimit {
  /** A whole number from 1. */
  readonly requests: number;
  /** The length of the stretch in seconds: a whole number from 1. */
  readonly seconds: number;
}

/** How many requests a key may make in a day or month, which begin at midnight UTC. */
export interface Quota {
  /** A whole number from 1. */
  readonly requests: number;
  readonly period: 'day' | 'month';
}
