import { createHmac, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const ENTRY = /^([1-9]\d{0,8}):([\w-]+)$/;

/** A key of the HMAC. `id` has its version and a fingerprint, so that a reused version never matches old proofs. */
export interface Pepper {
  readonly id: string;
  readonly key: Uint8Array;
}

/** Thrown for a malformed list of peppers. The message follows the name of the setting and never repeats its value. */
export class PepperFormatError extends Error {
  override readonly name = 'PepperFormatError';
}

/** The peppers of an installation, the current one first: `2:<base64url of 32 bytes>,1:<...>`. */
export class PepperRing {
  readonly #byId: ReadonlyMap<string, Pepper>;

  private constructor(
    readonly current: Pepper,
    peppers: readonly Pepper[],
  ) {
    this.#byId = new Map(peppers.map((pepper) => [pepper.id, pepper]));
  }

  /** Reads a list of peppers. Ignores white space around the list and its entries. Throws `PepperFormatError`. */
  static parse(text: string): PepperRing {
    const peppers = text.split(',').map((entry) => parseEntry(entry.trim()));
    const [current] = peppers;
    if (current === undefined) throw new PepperFormatError('names no pepper');
    if (new Set(peppers.map((pepper) => pepper.id)).size < peppers.length) {
      throw new PepperFormatError('names a pepper twice');
    }
    return new PepperRing(current, peppers);
  }

  /** The ids of all peppers, the current one first. */
  get ids(): readonly string[] {
    return [...this.#byId.keys()];
  }

  find(id: string): Pepper | undefined {
    return this.#byId.get(id);
  }
}

/** A new entry for a pepper list, from 32 random bytes. */
export function generatePepper(version: number): string {
  return `${version}:${randomBytes(KEY_BYTES).toString('base64url')}`;
}

function parseEntry(entry: string): Pepper {
  const [, version, encoded] = ENTRY.exec(entry) ?? [];
  const key = Buffer.from(encoded ?? '', 'base64url');
  if (version === undefined || key.length < KEY_BYTES) {
    throw new PepperFormatError(
      `must have entries like 1:<base64url of at least ${KEY_BYTES} bytes>, separated by commas`,
    );
  }
  const fingerprint = createHmac('sha256', key).update('feather-identity pepper').digest('base64url').slice(0, 8);
  return { id: `v${version}.${fingerprint}`, key };
}
