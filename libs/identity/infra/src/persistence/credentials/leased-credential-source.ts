import type { ApiKeyCredential } from '@feather-identity/core';
import { LRUCache } from 'lru-cache';
import type { CredentialSnapshot, CredentialSource } from './credential-source.js';
import type { CredentialLease, HeldCredentials, LeaseClocks, LeaseTerms } from './lease-protocol.js';
import { LEASE_TERMS } from './lease-protocol.js';

/** Credentials in memory: some 20 MB when full. */
const MAX_CREDENTIALS = 10_000;

interface HeldCredential {
  readonly credential: ApiKeyCredential;
  /** By the monotonic clock. */
  readonly readAt: number;
}

/** Credentials by their public parts, and by the ids of the rows that they were made from. */
export class CredentialMemory implements HeldCredentials {
  readonly #byId = new Map<string, Set<string>>();
  readonly #credentials = new LRUCache<string, HeldCredential>({
    max: MAX_CREDENTIALS,
    dispose: ({ credential }, keyPrefix) => {
      this.forgetIds(keyPrefix, credential);
    },
  });

  get size(): number {
    return this.#credentials.size;
  }

  get(keyPrefix: string): HeldCredential | undefined {
    return this.#credentials.get(keyPrefix);
  }

  set(keyPrefix: string, credential: ApiKeyCredential, readAt: number): void {
    this.#credentials.set(keyPrefix, { credential, readAt });
    for (const id of idsOf(credential)) {
      const keyPrefixes = this.#byId.get(id);
      if (keyPrefixes === undefined) this.#byId.set(id, new Set([keyPrefix]));
      else keyPrefixes.add(keyPrefix);
    }
  }

  drop(id: string): void {
    for (const keyPrefix of [...(this.#byId.get(id) ?? [])]) this.#credentials.delete(keyPrefix);
  }

  clear(): void {
    this.#credentials.clear();
  }

  private forgetIds(keyPrefix: string, credential: ApiKeyCredential): void {
    for (const id of idsOf(credential)) {
      const keyPrefixes = this.#byId.get(id);
      keyPrefixes?.delete(keyPrefix);
      if (keyPrefixes?.size === 0) this.#byId.delete(id);
    }
  }
}

function idsOf({ secret, apiKey, organization, member }: ApiKeyCredential): readonly string[] {
  return [secret.id, apiKey.id, organization.id, member.id];
}

/** Answers from memory while the lease holds, and otherwise from the database. Unknown public parts are not kept. */
export class LeasedCredentialSource implements CredentialSource {
  constructor(
    private readonly database: CredentialSource,
    private readonly memory: CredentialMemory,
    private readonly lease: CredentialLease,
    private readonly clocks: Pick<LeaseClocks, 'monotonic'>,
    private readonly terms: LeaseTerms = LEASE_TERMS,
  ) {}

  get queries(): number {
    return this.database.queries;
  }

  held(keyPrefix: string): ApiKeyCredential | undefined {
    const held = this.memory.get(keyPrefix);
    // What was changed without a notification counts after a lease: a trigger may be disabled.
    const isFresh = held !== undefined && this.clocks.monotonic() - held.readAt < this.terms.lease;
    return isFresh && this.lease.isHeld ? held.credential : undefined;
  }

  /** Reads what `held` does not have. */
  async snapshot(keyPrefixes: readonly string[]): Promise<CredentialSnapshot> {
    if (!this.lease.isHeld) return this.database.snapshot(keyPrefixes);
    const { changes } = this.lease;
    const readAt = this.clocks.monotonic();
    const read = await this.database.snapshot(keyPrefixes);
    if (this.lease.mayKeep(changes)) {
      for (const [keyPrefix, credential] of readable(keyPrefixes, read)) {
        this.memory.set(keyPrefix, frozen(credential), readAt);
      }
    }
    return read;
  }
}

/** What was found and is not damaged. */
function readable(keyPrefixes: readonly string[], read: CredentialSnapshot): Map<string, ApiKeyCredential> {
  const credentials = new Map<string, ApiKeyCredential>();
  for (const keyPrefix of keyPrefixes) {
    try {
      const credential = credentials.has(keyPrefix) ? null : read(keyPrefix);
      if (credential !== null) credentials.set(keyPrefix, credential);
    } catch {
      // Who asked for it gets the error.
    }
  }
  return credentials;
}

/** It is handed to many requests. */
function frozen(credential: ApiKeyCredential): ApiKeyCredential {
  const { secret, apiKey, organization, member } = credential;
  for (const part of [secret, apiKey, organization, organization.policy, member]) Object.freeze(part);
  return credential;
}
