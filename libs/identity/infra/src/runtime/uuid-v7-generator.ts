import { IdGenerator } from '@feather-identity/core';
import { v7 } from 'uuid';

/** UUIDv7 (RFC 9562), monotonic within the process, so that rows are stored in the order they are made. */
export class UuidV7Generator extends IdGenerator {
  override next(): string {
    return v7();
  }
}
