/** The source of secrets. */
export abstract class RandomSource {
  /** Returns `size` bytes of a cryptographic generator, or throws. It never returns weaker ones. */
  abstract bytes(size: number): Uint8Array;
}
