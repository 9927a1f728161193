/** The current instant. */
export abstract class Clock {
  abstract now(): Date;

  /**
   * Compares the machine's clock with the store's. If they differ by more than a minute, `now` follows the store from then
   * on. A clock without this method has no store to compare with.
   *
   * @returns by how many milliseconds the machine's clock is ahead
   */
  compare?(): Promise<number>;
}
