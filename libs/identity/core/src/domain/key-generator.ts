import { randomBase62 } from './base62.js';
import type { RandomSource } from './random-source.js';
import { PUBLIC_LENGTH, SECRET_LENGTH, type TokenFormat } from './token-format.js';
import type { Token } from './token.js';

/** Makes new tokens of one format. */
export class KeyGenerator {
  constructor(
    readonly format: TokenFormat,
    private readonly random: RandomSource,
  ) {}

  /** Throws what the random source throws: no token is better than a weak one. */
  generate(environment?: string): Token {
    const publicPart = randomBase62(PUBLIC_LENGTH, this.random);
    return this.format.compose(publicPart, randomBase62(SECRET_LENGTH, this.random), environment);
  }
}
