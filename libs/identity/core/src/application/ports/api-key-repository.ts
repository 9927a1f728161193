import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { ApiKey } from '../../domain/api-key.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import type { LastUsedFrom } from '../../domain/last-used-from.js';
import type { Member } from '../../domain/member.js';
import type { Organization } from '../../domain/organization.js';

/** A key, its first secret and the event that records it, stored together or not at all. */
export interface NewApiKey {
  readonly apiKey: ApiKey;
  readonly secret: ApiKeySecret;
  readonly event: AuditEvent;
}

/** An imported key, and how its row is found. */
export interface NewImportedApiKey extends NewApiKey {
  /** As `ImportedApiKey.lookup`. */
  readonly lookup: string;
}

/**
 * `already_imported`: the organization has a key with this hash, whatever it is found by and its pepper is called.
 * `taken_by_another_organization`: another one has it. `lookup_taken`: a key with this look-up text and another hash is
 * stored, so that only one of them could be found. `prefix_taken`: another secret has its public part.
 */
export type InsertOutcome =
  | 'imported'
  | 'already_imported'
  | 'taken_by_another_organization'
  | 'lookup_taken'
  | 'prefix_taken';

/** What must hold when a key is inserted. */
export interface InsertTerms {
  /** The key that it is issued by. */
  readonly issuedBy?: ApiKey | null | undefined;
  /**
   * Most keys that the organization may have, this one included. Revoked keys do not count, nor do keys that have expired
   * by the event's instant; disabled ones do. Default: no limit.
   */
  readonly maxKeys?: number | undefined;
  /** Whether `maxKeys` is ignored, as for the operator. The key counts all the same. Default: false. */
  readonly mayExceed?: boolean | undefined;
}

/** All that a request's verdict depends on, from one read. */
export interface ApiKeyCredential {
  readonly organization: Organization;
  readonly member: Member;
  readonly apiKey: ApiKey;
  readonly secret: ApiKeySecret;
}

/** A key with all of its secrets. */
export interface ApiKeyDetails {
  readonly apiKey: ApiKey;
  readonly secrets: readonly ApiKeySecret[];
}

/** Which key, and of which organization. */
export type ApiKeyReference = Pick<ApiKey, 'id' | 'organizationId'>;

/** A change of one key, written as a whole together with the event that records it. */
export interface ApiKeyChange {
  readonly event: AuditEvent;
  /** The key afterwards, from which everything is taken that `UpdateApiKey` may change, and with a rotation its public part. */
  readonly apiKey: ApiKey;
  readonly rotation?: SecretRotation;
  /**
   * Most keys that the organization may have, as in `InsertTerms`. Checked only where the change gives an expired key an
   * end in the future, so that it counts again. Default: no limit.
   */
  readonly maxKeys?: number | undefined;
}

/** A new current secret. */
export interface SecretRotation {
  readonly secret: ApiKeySecret;
  /** When the secrets so far end; none of them lives longer for it. */
  readonly previousValidUntil: Date;
}

/** What becomes of the descendants of a revoked key: of the keys that it made, and those that they made, however deep. */
export interface DescendantTerms {
  /**
   * Whether to revoke them too, independent of the organization's policy and even if the key was revoked before.
   * Default: false, which revokes them if the policy has `revokeDescendants`.
   */
  readonly cascade?: boolean | undefined;
  /** The event of the revocation of one of them. */
  readonly eventOf: (descendant: Pick<ApiKey, 'id' | 'keyPrefix'>) => AuditEvent;
}

/** The result of a revocation. */
export interface Revocation {
  /** How many descendants it has revoked. */
  readonly revokedDescendants: number;
  /** The descendants that were not revoked; zero if they were not counted. */
  readonly livingDescendants: DescendantCount;
}

/** Descendants of a key that are neither revoked nor expired, among the first `MAX_COUNTED_DESCENDANTS` of all. */
export interface DescendantCount {
  readonly count: number;
  /** False if the key has more descendants than were looked at. */
  readonly isComplete: boolean;
}

/** How many descendants are looked at where they are only counted. */
export const MAX_COUNTED_DESCENDANTS = 10_000;

/** Where a key stands in the list of its organization's keys, whether it is still there or not. */
export type ApiKeyPlace = Pick<ApiKey, 'createdAt' | 'id'>;

/**
 * A part of an organization's keys: at most `limit`, from behind the key `after` in the order of the list, up to and
 * including the key `until`.
 */
export interface ApiKeyPage {
  readonly limit?: number | undefined;
  readonly after?: ApiKeyPlace | undefined;
  readonly until?: ApiKeyPlace | undefined;
  readonly includeRevoked?: boolean | undefined;
  /** Only keys of this member. Default: all. */
  readonly memberId?: string | undefined;
  /** Only keys that this key or member made. Default: all. */
  readonly createdBy?: string | undefined;
  /** Only keys that end before this instant, or have ended. Default: all. */
  readonly expiresBefore?: Date | undefined;
}

/** Which notices of ends are due: one a key, by how many days it has left. */
export interface ExpiryNoticeTerms {
  readonly now: Date;
  /** Keys that have no more than these days left, and lived for longer. */
  readonly days: number;
  /** Keys that end after this instant. */
  readonly endsAfter: Date;
  /** When a notice is due again that is claimed and not settled. */
  readonly retryAt: Date;
  readonly limit: number;
}

/** A notice that nobody else makes until it is due again. */
export interface ClaimedExpiryNotice extends ApiKeyReference {
  readonly expiresAt: Date;
  /** How often it was claimed, this time included. */
  readonly attempt: number;
}

/** What lists of keys can be sorted by: `created_at` and `last_used_at` newest first, `name` and `expires_at` first ones first. */
export const API_KEY_SORTS = ['created_at', 'name', 'last_used_at', 'expires_at'] as const;
/** One of `API_KEY_SORTS`. */
export type ApiKeySort = (typeof API_KEY_SORTS)[number];

/** The states of a key, of which it has one: one that is revoked, or else disabled, counts as nothing else. */
export const API_KEY_STATUSES = ['active', 'disabled', 'expired', 'revoked'] as const;
/** One of `API_KEY_STATUSES`. */
export type ApiKeyStatus = (typeof API_KEY_STATUSES)[number];

/** Which keys to find. Each must pass all given filters. */
export interface ApiKeyFilters {
  /** The beginning of the name; the letters A to Z match in either case. */
  readonly nameBegins?: string | undefined;
  readonly label?: string | undefined;
  readonly status?: ApiKeyStatus | undefined;
  /** Keys that were not made, rotated or used from this instant on. */
  readonly unusedSince?: Date | undefined;
  /** Keys that this key or member made. */
  readonly createdBy?: string | undefined;
  /** Keys that end before this instant, or have ended. */
  readonly expiresBefore?: Date | undefined;
  /** Keys of this member, by its id. */
  readonly memberId?: string | undefined;
}

/** Where a key stands in a sorted list: the value that the list is sorted by, names with A to Z in lower case, and its id. */
export interface SortedPlace {
  readonly value: string | Date | null;
  readonly id: string;
}

/** A page of a search. */
export interface ApiKeySearch extends ApiKeyFilters {
  /** Whether revoked keys are found too; of no meaning with a status. */
  readonly includeRevoked: boolean;
  readonly sort: ApiKeySort;
  /** The instant for which keys have or have not expired. */
  readonly at: Date;
  readonly after?: SortedPlace | undefined;
  readonly limit: number;
}

/** The keys of a page, in its order. */
export interface FoundApiKeys {
  readonly ids: readonly string[];
  /** Where the next page begins; null where no key follows. */
  readonly next: SortedPlace | null;
}

/** How several keys end at once. */
export type ApiKeyEnding = 'revoke' | 'disable';

/** The events of keys that end. */
export interface EndingEvents {
  readonly eventOf: (apiKey: Pick<ApiKey, 'id' | 'keyPrefix'>) => AuditEvent;
  /** What is recorded of the descendants of the key with this id, but for those behind another of the keys. */
  readonly descendantsOf: (apiKeyId: string) => DescendantTerms;
}

/** What became of keys that were to end, by their ids. */
export interface EndedApiKeys {
  readonly ended: readonly string[];
  /** Those that were disabled before and are to be disabled. */
  readonly unchanged: readonly string[];
  /** Those that are unknown, another organization's, or were revoked before. */
  readonly notFound: readonly string[];
}

/** A proof that takes the place of another one (null: of none). */
export interface ProofRenewal {
  readonly secretId: string;
  readonly expected: string | null;
  readonly proof: string;
}

/**
 * The keys of all organizations. What callers ask for takes the organization first; what authentication does cannot.
 * A write is durable when its promise resolves. Throws `storage.unavailable` when the store cannot be reached or is
 * locked for longer than a request should wait.
 */
export abstract class ApiKeyRepository {
  /**
   * Stores a new key. Throws `api_key.conflict` when its id or public part is taken, `authentication.required` when the
   * key that issued it has been revoked, disabled or removed since it was authenticated, `caller.changed` when the
   * scopes, end, limits, networks or current secret of that key have changed since, and `api_key.limit_reached` when the
   * organization has `maxKeys` keys already, however many inserts run at once. Throws `member.not_found` when its member
   * or organization was removed since.
   */
  abstract insert(created: NewApiKey, terms?: InsertTerms): Promise<void>;

  /**
   * Stores keys of another system in one transaction, each with its secret, look-up text and event, and tells what
   * became of each, in order: of equal ones the first is stored, and what is stored already is left as it is, whatever
   * its state. These keys may exceed the limit of keys of their organization, and count towards it. With `dryRun`
   * nothing is stored.
   */
  abstract insertImported(
    imported: readonly NewImportedApiKey[],
    options?: { readonly dryRun?: boolean },
  ): Promise<readonly InsertOutcome[]>;

  /** The organization's keys, newest first; those that are not revoked (expired ones included) unless asked otherwise. */
  abstract list(organizationId: string, page?: ApiKeyPage): Promise<ApiKey[]>;
  /** Where this page of `limit` keys ends, without reading them; null when no key follows behind it. */
  abstract findPageEnd(
    organizationId: string,
    page: ApiKeyPage & { readonly limit: number },
  ): Promise<ApiKeyPlace | null>;

  /**
   * Finds at most `limit` keys of the organization. The work of a page is bounded: where many keys pass each of the filters
   * and few pass all, the page may have fewer keys than `limit`, even none, though `next` is not null. The pages hold each
   * key exactly once that exists all the time and keeps what it is sorted and filtered by.
   */
  abstract search(organizationId: string, search: ApiKeySearch): Promise<FoundApiKeys>;
  /** The organization's keys with these ids, in this order and in any state; unknown ids are skipped. */
  abstract listByIds(organizationId: string, ids: readonly string[]): Promise<ApiKey[]>;

  /** The organization's key with this id, in any state, and its secrets, oldest first. */
  abstract find(organizationId: string, apiKeyId: string): Promise<ApiKeyDetails | null>;

  /**
   * The keys that have a secret with exactly this public part, or had one that a rotation removed, whatever the state of
   * either: those of the organization, or with null of all. A removed secret is known by `key_prefix` in the changes of its
   * `api_key.rotated` event. Almost always there is one key: a public part can be drawn again once its secret is removed.
   */
  abstract findByKeyPrefix(organizationId: string | null, keyPrefix: string): Promise<readonly ApiKeyReference[]>;

  /**
   * Changes a key of the organization: `decide` gets the stored key and returns the change. Meanwhile nothing else
   * changes that key or the key `changedBy`. If `decide` returns null or throws, nothing is written. A rotation removes
   * the secrets that ended before it, except imported ones and the first; the current secret takes over the time at
   * which the key was last used. Throws `api_key.not_found` for an unknown id, another organization's key and a revoked
   * one, `api_key.conflict` for a taken public part, `api_key.limit_reached` for an expired key that would live again
   * beyond `maxKeys`, and refuses `changedBy` as `insert` refuses `issuedBy`. Answers the key as it is afterwards.
   */
  abstract change(
    organizationId: string,
    apiKeyId: string,
    decide: (current: ApiKeyDetails) => ApiKeyChange | null,
    changedBy?: ApiKey | null,
  ): Promise<ApiKeyDetails>;

  /**
   * Revokes the key at the event's instant, and stores the event with the public part of the key. Null when the
   * organization has no such key, or it was revoked before and `descendants` does not say `cascade`. Descendants that are
   * not revoked yet are revoked at the same instant, disabled and expired ones too, each with its event, if `descendants`
   * or the policy says so: all of them, or nothing is revoked. One that is made at the same time is either revoked or not
   * made. Without `descendants` they are left alone, and not counted.
   */
  abstract revoke(
    organizationId: string,
    apiKeyId: string,
    event: AuditEvent,
    descendants?: DescendantTerms,
  ): Promise<Revocation | null>;

  /**
   * Revokes or disables those of these keys of the organization that can be, each with an event, in one transaction. If
   * the policy says so, a revocation also revokes what they made. The lists of the answer are in the order of `apiKeyIds`,
   * which holds each id once.
   */
  abstract end(
    organizationId: string,
    ending: ApiKeyEnding,
    apiKeyIds: readonly string[],
    events: EndingEvents,
  ): Promise<EndedApiKeys>;

  /** Ids of at most `limit` unrevoked keys of the organization that were not made, rotated or used from `since` on. */
  abstract findUnused(organizationId: string, since: Date, limit: number): Promise<string[]>;
  /** Like `revoke`, and null as well when the key was made, rotated or used from `since` on. Its descendants may be in use. */
  abstract revokeUnused(
    organizationId: string,
    apiKeyId: string,
    since: Date,
    event: AuditEvent,
    descendants?: DescendantTerms,
  ): Promise<Revocation | null>;

  /**
   * Claims due notices of keys of all organizations, those that end first. A key whose end was noticed at the same or
   * fewer days gets none, unless it is due again: once for each end and number of days. Revoked and disabled keys get none,
   * nor do those of disabled organizations and members.
   */
  abstract claimExpiryNotices(terms: ExpiryNoticeTerms): Promise<readonly ClaimedExpiryNotice[]>;
  /** The claimed notice of this key is not due again. */
  abstract settleExpiryNotice(apiKeyId: string): Promise<void>;

  /**
   * The secret with exactly this public part, with its key, member and organization in any state; null when one of them
   * is missing or they do not belong together. Shows what was committed before the call. Shared: only to be read.
   */
  abstract findCredential(keyPrefix: string): Promise<ApiKeyCredential | null>;
  /**
   * The public part of the imported secret that is stored under the first of these look-up texts that has one, whatever
   * the state of the secret; null if none has. Shows what was committed before the call.
   */
  abstract findImported(lookups: readonly string[]): Promise<string | null>;
  /** Replaces proofs by compare-and-set. Leaves a secret alone when its proof changed or its key was revoked. */
  abstract replaceProofs(renewals: readonly ProofRenewal[]): Promise<void>;

  /**
   * Records when keys were last used. An earlier instant never replaces a later one; unknown ids are ignored.
   *
   * @param from - where keys were last used from, by their ids; null removes the stored value. Default: it stays
   */
  abstract recordLastUsed(
    lastUsed: ReadonlyMap<string, Date>,
    from?: ReadonlyMap<string, LastUsedFrom | null>,
  ): Promise<void>;
  /** The same for secrets. */
  abstract recordSecretsLastUsed(lastUsed: ReadonlyMap<string, Date>): Promise<void>;

  /** Gives up what makes `findCredential` faster, and looks up each time from then on. Called at shutdown. */
  release(): Promise<void> {
    return Promise.resolve();
  }
}
