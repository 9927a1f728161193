import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { ApiKey } from '../../domain/api-key.js';
import type { Member } from '../../domain/member.js';
import type { Organization } from '../../domain/organization.js';

/** A key and its first secret, stored together or not at all. */
export interface NewApiKey {
  readonly apiKey: ApiKey;
  readonly secret: ApiKeySecret;
}

/** All that a request's verdict depends on, from one read. */
export interface ApiKeyCredential {
  readonly organization: Organization;
  readonly member: Member;
  readonly apiKey: ApiKey;
  readonly secret: ApiKeySecret;
}

/** A proof that takes the place of another one (null: of none). */
export interface ProofRenewal {
  readonly secretId: string;
  readonly expected: string | null;
  readonly proof: string;
}

/**
 * The keys of all organizations. What callers ask for takes the organization first; the look-up by public part and what
 * authentication then does to the key it proved cannot.
 * A write is durable when its promise resolves. Throws `storage.unavailable` when the store cannot be reached or is
 * locked for longer than a request should wait.
 */
export abstract class ApiKeyRepository {
  /**
   * Stores a new key, never over an existing one: throws `api_key.conflict` when its id or public part is taken, and
   * `authentication.required` when the key `issuedBy` is revoked by then: nothing is issued on its word any more.
   */
  abstract insert(created: NewApiKey, issuedBy?: string): Promise<void>;

  /** The organization's keys that are not revoked (expired ones included), newest first. */
  abstract listUnrevoked(organizationId: string): Promise<ApiKey[]>;

  /** Revokes the key at this instant. False when the organization has no such key or it was revoked before. */
  abstract revoke(organizationId: string, apiKeyId: string, at: Date): Promise<boolean>;

  /**
   * The secret with exactly this public part with its key, member and organization, whatever their state; null when
   * one of them is missing or they do not belong together. What was committed anywhere before the call shows in it.
   * The result may be shared between calls: it is only to be read.
   */
  abstract findCredential(keyPrefix: string): Promise<ApiKeyCredential | null>;

  /** Replaces proofs by compare-and-set. Leaves a secret alone when its proof changed or its key was revoked. */
  abstract replaceProofs(renewals: readonly ProofRenewal[]): Promise<void>;

  /** Records when keys were last used. An earlier instant never replaces a later one; unknown ids are ignored. */
  abstract recordLastUsed(lastUsed: ReadonlyMap<string, Date>): Promise<void>;
}
