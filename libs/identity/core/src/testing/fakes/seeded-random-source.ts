import { type Cipher, createCipheriv, createHash } from 'node:crypto';
import { RandomSource } from '../../domain/random-source.js';

const BLOCK_BYTES = 4096;

/** The same bytes for the same seed, evenly distributed: the key stream of AES-256-CTR. For tests alone. */
export class SeededRandomSource extends RandomSource {
  readonly #stream: Cipher;
  #rest = Buffer.alloc(0);

  constructor(seed: string) {
    super();
    const key = createHash('sha256').update(seed).digest();
    this.#stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  }

  override bytes(size: number): Uint8Array {
    while (this.#rest.length < size) {
      this.#rest = Buffer.concat([this.#rest, this.#stream.update(Buffer.alloc(BLOCK_BYTES))]);
    }
    const bytes = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return bytes;
  }
}
