import { randomBytes } from 'node:crypto';
import { RandomSource } from '@feather-identity/core';

/** The operating system's generator through OpenSSL. */
export class NodeRandomSource extends RandomSource {
  override bytes(size: number): Uint8Array {
    return randomBytes(size);
  }
}
