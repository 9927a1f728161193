/** Source of secrets. Promises `size` bytes from a cryptographic generator, or throws; it never returns weaker ones. */
export abstract class RandomSource {
  abstract bytes(size: number): Uint8Array;
}
