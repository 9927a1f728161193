/** The current instant. */
export abstract class Clock {
  abstract now(): Date;

  /**
   * Compares the machine's clock with that of the store and answers by how many milliseconds the machine's is ahead; where
   * that is more than a minute, `now` follows the store from then on. Left out where the store has no clock of its own.
   */
  compare?(): Promise<number>;
}
