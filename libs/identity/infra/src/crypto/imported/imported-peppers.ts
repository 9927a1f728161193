import { createHash, createHmac } from 'node:crypto';
import { isImportedPepperName } from '@feather-identity/core';
import { PepperFormatError } from '../pepper-ring.js';

/** Each pepper costs one HMAC and one lookup for every imported key that is presented. */
const MAX_PEPPERS = 8;

/** The peppers of other systems, by names that the operator chooses. */
export class ImportedPeppers {
  private constructor(private readonly keys: ReadonlyMap<string, Uint8Array>) {}

  /** An empty list. */
  static readonly none = new ImportedPeppers(new Map());

  /** Reads `old:<base64url of the pepper's bytes>,older:<...>`. Throws `PepperFormatError`, which never repeats the text. */
  static parse(text: string): ImportedPeppers {
    const entries = text.split(',').map((entry) => parseEntry(entry.trim()));
    const keys = new Map(entries);
    if (keys.size < entries.length) throw new PepperFormatError('names a pepper twice');
    if (keys.size > MAX_PEPPERS) throw new PepperFormatError(`must have at most ${MAX_PEPPERS} peppers`);
    return new ImportedPeppers(keys);
  }

  get names(): readonly string[] {
    return [...this.keys.keys()];
  }

  /** HMAC-SHA-256 (RFC 2104) of a key under the pepper of this name; undefined if there is no such pepper. */
  mac(name: string, plainText: string): Buffer | undefined {
    const key = this.keys.get(name);
    return key && createHmac('sha256', key).update(plainText).digest();
  }

  /** SHA-256 of a text followed by the pepper of this name; undefined if there is no such pepper. */
  digest(name: string, text: string): Buffer | undefined {
    const key = this.keys.get(name);
    return key && createHash('sha256').update(text).update(key).digest();
  }
}

function parseEntry(entry: string): [name: string, key: Uint8Array] {
  const [, name = '', encoded = ''] = /^([^:]+):([\w-]+)$/.exec(entry) ?? [];
  const key = Buffer.from(encoded, 'base64url');
  if (!isImportedPepperName(name) || key.length === 0) {
    throw new PepperFormatError("must have entries like old:<base64url of the pepper's bytes>, separated by commas");
  }
  return [name, key];
}
