import { type Actor, memberActor, SYSTEM } from '../../domain/actor.js';
import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { ApiKey, ApiKeyFields } from '../../domain/api-key.js';
import { type Caller, isStored } from '../../domain/caller.js';
import { IdentityError } from '../../domain/identity-error.js';
import { isLabel } from '../../domain/key-notes.js';
import type { Member } from '../../domain/member.js';
import { assertOrganizationEnabled } from '../../domain/organization.js';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { isUuid } from '../../domain/uuid.js';
import { apiKeyNotFound, type FoundApiKey } from '../keys/find-api-key.js';
import { type Grantor, grantorOf } from '../keys/grantor.js';
import type { RevokeApiKeyOptions } from '../keys/revoke-api-key.js';
import type { IssueApiKeyRequest } from '../keys/issue-api-key.js';
import type { ListApiKeysRequest, ListedApiKey } from '../keys/list-api-keys.js';
import { MAX_GRACE_SECONDS } from '../keys/rotate-api-key.js';
import type { ApiKeyUpdate } from '../keys/update-api-key.js';
import type { Page } from '../page.js';
import type { RecentUsage } from '../usage/recent-usage.js';
import type { Revocation } from '../ports/api-key-repository.js';
import { assertInstant, assertOrganizationId, pageLimit } from './argument-checks.js';
import type { HostUseCases } from './use-cases.js';
import { type ActingUser, actorOf, findUser, fromOrigin, type KeyUser, type UserOrigin } from './users.js';

/** Which keys, and on whose behalf. One of `organizationId` and `caller` is required. */
export interface KeyAccess extends ActingUser {
  /** Default: that of `caller`. */
  readonly organizationId?: string | undefined;
  /**
   * Only keys of this user, by its id in the application; keys of others are not found. If omitted: all keys of the
   * organization. An explicit `undefined` is an error, so that a missing claim cannot reach a whole organization.
   */
  readonly user?: string;
  /**
   * The API key that does it; no key gets more than this one has. Default: none. An explicit `undefined` is an error.
   */
  readonly caller?: Caller;
}

/** Upper bounds of a change. */
export interface GrantBounds {
  /**
   * The scopes that a key may hold at most; with `caller`, no more than that key. If omitted, the application decides
   * for each key. An explicit `undefined` is an error.
   */
  readonly maxScopes?: readonly string[];
}

/** A request to issue a key. */
export interface IssueKeyRequest extends Omit<KeyAccess, 'user'>, GrantBounds, IssueApiKeyRequest {
  /** Who gets the key. Required without `caller`. Default: the member who owns `caller`. */
  readonly user?: KeyUser;
  /**
   * What the key may do; `['*']` for everything. Required unless `maxScopes` or `caller` is given; the default is then
   * all of that. An empty list is refused.
   */
  readonly scopes?: readonly string[] | undefined;
}

/** One key. */
export interface KeyReference extends KeyAccess {
  readonly id: string;
}

/** A key and the fields to change; omitted fields stay unchanged. */
export interface UpdateKeyRequest extends KeyReference, GrantBounds, ApiKeyUpdate {}

/** A key that gets a new token. */
export interface RotateKeyRequest extends KeyReference, GrantBounds {
  /** How long the current tokens stay valid, in seconds, up to 30 days. Default: 0, which ends them at once. */
  readonly graceSeconds?: number | undefined;
}

/** A key that is revoked. */
export interface RevokeKeyRequest extends KeyReference, RevokeApiKeyOptions {}

/** Which keys to list. */
export interface ListKeysRequest
  extends KeyAccess, Partial<Omit<ListApiKeysRequest, 'memberId' | 'limit' | 'includeRevoked'>> {
  /** Maximum number of keys on a page, 1 to 1,000. Default: 50. */
  readonly limit?: number | undefined;
  /** Default: false. */
  readonly includeRevoked?: boolean | undefined;
}

/** A key without its secrets. */
export interface KeyInfo extends Omit<ApiKeyFields, 'grant'> {
  /** The second part of its tokens, such as `live`; null for an imported key in another format. */
  readonly environment: string | null;
  /** What the key may do; empty for a key that may do everything. */
  readonly scopes: readonly string[];
  /** Whether the key may do everything. */
  readonly unrestricted: boolean;
}

/** A key with a new token. */
export interface KeyWithToken {
  readonly apiKey: KeyInfo;
  /** The plain text for the client. It is not stored anywhere, so show it now. */
  readonly token: string;
}

/** Which tokens of a key are in use. */
export interface KeyUsage {
  /** When the key was last used; null for never. It is written every 10 seconds. */
  readonly lastUsedAt: Date | null;
  /** How many requests with it were accepted and refused in the last 30 days. */
  readonly last30Days: RecentUsage;
  /** One entry for each token that was not removed, oldest first; several after a rotation with a grace period. */
  readonly tokens: readonly Pick<ApiKeySecret, 'keyPrefix' | 'createdAt' | 'validUntil' | 'lastUsedAt'>[];
}

/**
 * The API keys of an application's users and organizations. The organization's policy and key limit apply to all of
 * them, and so does the rule that no key gets more than the one who creates or changes it.
 *
 * @example
 * ```ts
 * const { token, apiKey } = await apiKeys.issue({
 *   organizationId,
 *   user: { externalId: session.userId, email: session.email, name: session.name },
 *   name: 'CI',
 *   scopes: ['orders:read'],
 * });
 * ```
 */
export class ApiKeys {
  constructor(
    private readonly useCases: HostUseCases,
    private readonly joined: (transaction: object) => ApiKeys,
  ) {}

  /**
   * The same keys inside a transaction of the application: changes are committed and rolled back with it.
   *
   * @param transaction - with `createTypeOrmIdentity` the `EntityManager` of an open transaction
   * @example
   * ```ts
   * await dataSource.transaction(async (manager) => {
   *   await manager.insert(User, user);
   *   return apiKeys.within(manager).issue({ organizationId, user: { externalId: user.id }, name: 'CI', scopes });
   * });
   * ```
   */
  within(transaction: object): ApiKeys {
    return this.joined(transaction);
  }

  /**
   * Issues a key to a user. The user's first key creates the member; later ones update its email, name and role.
   *
   * @returns the key and its token, the only copy of the plain text
   * @throws TypeError for a `user`, `caller` or `maxScopes` that is undefined, and if it is not clear who gets the key
   * @throws IdentityError `organization.not_found`, `organization.disabled`, `member.disabled`, `member.not_found`
   * (`by`)
   * @throws IdentityError `member.invalid`, `api_key.name_invalid`, `api_key.description_invalid`,
   * `api_key.labels_invalid`, `api_key.metadata_invalid`, `api_key.scope_invalid`, `api_key.scope_unknown`,
   * `api_key.expiry_in_past`, `api_key.limit_invalid`, `api_key.networks_invalid`, `token.format_invalid`
   * (`environment`): invalid values
   * @throws IdentityError `api_key.policy_violated`, `api_key.limit_reached`
   * @throws IdentityError `api_key.scope_not_held`, `api_key.outlives_caller`, `api_key.limit_exceeds_caller`,
   * `api_key.network_not_held`, `api_key.environment_not_held`: beyond `maxScopes` or `caller`
   * @throws IdentityError `authentication.required` or `caller.changed`: `caller` was revoked or changed meanwhile
   * @throws IdentityError `hashing.overloaded` or `storage.unavailable`: try again later
   */
  async issue(request: IssueKeyRequest): Promise<KeyWithToken> {
    const { user, by: _by, organizationId: _id, caller, origin, maxScopes, ...wanted } = request;
    assertGiven(request);
    assertInstant(request.expiresAt);
    const isBounded = caller !== undefined || maxScopes !== undefined;
    if (request.scopes === undefined ? !isBounded : request.scopes.length === 0) {
      throw new IdentityError('api_key.scope_invalid', 'Name the scopes of the key, or ["*"] for everything.');
    }
    const grantor = await this.grantorOf(request, async () => {
      if (user !== undefined) return this.provide(organizationOf(request), user, origin);
      if (caller !== undefined) return caller.member;
      throw new TypeError('ApiKeys.issue takes the user who gets the key, or a caller.');
    });
    const { apiKey, token } = await this.useCases.issueApiKey.execute(grantor, wanted);
    return { apiKey: toKeyInfo(apiKey), token: token.reveal() };
  }

  /**
   * Lists keys, newest first.
   *
   * @returns a page, with the `cursor` of the next one in `next`; empty for a user who never had a key
   * @throws TypeError for a `user` or `caller` that is undefined
   * @throws RangeError for a `limit` that is no whole number from 1 to 1,000
   * @throws IdentityError `organization.not_found`, `cursor.invalid`
   */
  async list(request: ListKeysRequest): Promise<Page<KeyInfo>> {
    const { by: _by, origin: _origin, caller: _caller, organizationId: _id, user, ...filter } = request;
    assertGiven(request);
    const limit = pageLimit(request.limit);
    const organizationId = organizationOf(request);
    assertOrganizationId(organizationId);
    await this.useCases.findOrganization.execute(organizationId);
    // What no key has: PostgreSQL would refuse to compare it.
    const { createdBy, label } = filter;
    if ((createdBy !== undefined && !isUuid(createdBy)) || (label !== undefined && !isLabel(label))) {
      return { items: [], next: null };
    }
    const member = user === undefined ? undefined : await findUser(this.useCases.findMember, organizationId, user);
    if (member === null) return { items: [], next: null };
    const { includeRevoked = false } = request;
    const page = { ...filter, limit, includeRevoked, memberId: member?.id };
    const { first, rest, next } = await this.useCases.listApiKeys.execute(organizationId, page);
    const keys = [...first];
    for await (const part of rest ?? []) keys.push(...part);
    return { items: keys.map(toKeyInfo), next };
  }

  /**
   * Finds a key in any state.
   *
   * @throws IdentityError `api_key.not_found`, also for a key of another organization or user
   */
  async find(request: KeyReference): Promise<KeyInfo> {
    return toKeyInfo((await this.details(request)).apiKey);
  }

  /**
   * When a key and its tokens were last used, and how often.
   *
   * @throws IdentityError `api_key.not_found`
   */
  async usage(request: KeyReference): Promise<KeyUsage> {
    const { apiKey, secrets, usage30d } = await this.details(request);
    const tokens = secrets.map(({ keyPrefix, createdAt, validUntil, lastUsedAt }) => ({
      keyPrefix,
      createdAt,
      validUntil,
      lastUsedAt,
    }));
    return { lastUsedAt: apiKey.lastUsedAt, last30Days: usage30d, tokens };
  }

  /**
   * Changes a key.
   *
   * @returns the key afterwards
   * @throws IdentityError `api_key.not_found`, also for a revoked key
   * @throws IdentityError `api_key.locks_out`: the change would refuse `caller` at its own address
   * @throws IdentityError as `issue`
   */
  async update(request: UpdateKeyRequest): Promise<KeyInfo> {
    assertInstant(request.expiresAt);
    const grantor = await this.grantorOver(request);
    const { apiKey } = await this.useCases.updateApiKey.execute(grantor, request.id, request);
    return toKeyInfo(apiKey);
  }

  /**
   * Gives a key a new token.
   *
   * @returns the key and its new token, the only copy of the plain text
   * @throws RangeError for a `graceSeconds` that is no whole number from 0 to 30 days
   * @throws IdentityError `api_key.not_found`, also for a revoked key
   * @throws IdentityError `api_key.disabled`, `api_key.expired`, `api_key.secrets_exhausted`
   * @throws IdentityError as `issue`
   */
  async rotate(request: RotateKeyRequest): Promise<KeyWithToken> {
    const { id, graceSeconds = 0 } = request;
    if (!Number.isSafeInteger(graceSeconds) || graceSeconds < 0 || graceSeconds > MAX_GRACE_SECONDS) {
      throw new RangeError(`graceSeconds must be a whole number from 0 to ${MAX_GRACE_SECONDS}.`);
    }
    const grantor = await this.grantorOver(request);
    const { details, token } = await this.useCases.rotateApiKey.execute(grantor, id, graceSeconds);
    return { apiKey: toKeyInfo(details.apiKey), token: token.reveal() };
  }

  /**
   * Revokes a key permanently: it is refused from the next request on.
   *
   * @returns how many of the keys that it created were revoked with it, by `cascade` or by the policy, and how many
   * were not
   * @throws IdentityError `api_key.not_found`, without `cascade` also for a revoked key
   * @throws IdentityError `member.not_found` or `member.disabled` (`by`)
   */
  async revoke(request: RevokeKeyRequest): Promise<Revocation> {
    const { organizationId, id } = (await this.details(request)).apiKey;
    const { caller, by, user, origin, cascade } = request;
    const actor =
      caller === undefined
        ? await actorOf(this.useCases.findMember, organizationId, { by: by ?? user, origin })
        : callingGrantor(caller, origin).actor;
    return this.useCases.revokeApiKey.execute(organizationId, id, actor, { cascade });
  }

  private async details(request: KeyReference): Promise<FoundApiKey> {
    assertGiven(request);
    const { id, user } = request;
    const organizationId = organizationOf(request);
    if (!isUuid(organizationId) || !isUuid(id)) throw apiKeyNotFound();
    const found = await this.useCases.findApiKey.execute(organizationId, id);
    if (user === undefined) return found;
    const member = await findUser(this.useCases.findMember, organizationId, user);
    if (found.apiKey.memberId !== member?.id) throw apiKeyNotFound();
    return found;
  }

  /** Who authorizes a change of a stored key. */
  private async grantorOver(request: KeyReference & GrantBounds): Promise<Grantor> {
    const { memberId: id, organizationId } = (await this.details(request)).apiKey;
    const { by = request.user, ...rest } = request;
    return this.grantorOf({ ...rest, by }, async () => ({ id, organizationId }), SYSTEM);
  }

  /**
   * Who authorizes a change: the caller's key, or the application within the organization's policy.
   *
   * @param owner - of the key; asked last, so that a change by somebody who may not make it makes nobody known
   * @param otherwise - who is recorded where no user is named. Default: the owner
   */
  private async grantorOf(
    request: Pick<KeyAccess, 'organizationId' | 'caller' | 'by' | 'origin'> & GrantBounds,
    owner: () => Promise<Grantor['member']>,
    otherwise?: Actor,
  ): Promise<Grantor> {
    const { caller, by, origin, maxScopes } = request;
    if (caller !== undefined) {
      const grantor = callingGrantor(caller, origin);
      return { ...grantor, grant: bounded(grantor.grant, maxScopes), member: await owner() };
    }
    const organizationId = organizationOf(request);
    assertOrganizationId(organizationId);
    const organization = await this.useCases.findOrganization.execute(organizationId);
    assertOrganizationEnabled(organization);
    const grant = bounded(ScopeGrant.unrestricted(), maxScopes);
    const acting =
      by === undefined ? undefined : await actorOf(this.useCases.findMember, organizationId, { by, origin });
    const member = await owner();
    const actor =
      acting ?? (otherwise ? { ...otherwise, ...fromOrigin(origin) } : memberActor(member, fromOrigin(origin)));
    return { actor, member, grant, expiresAt: null, policy: organization.policy, apiKey: null };
  }

  private provide(organizationId: string, { name, ...user }: KeyUser, origin?: UserOrigin): Promise<Member> {
    assertOrganizationId(organizationId);
    return this.useCases.provideMember.execute(organizationId, { ...user, displayName: name }, fromOrigin(origin));
  }
}

/** What an application sees of a key. */
export function toKeyInfo(apiKey: ApiKey & Partial<ListedApiKey>): KeyInfo {
  const { grant, usage30d: _usage, ...fields } = apiKey;
  return { ...fields, environment: apiKey.environment, scopes: grant.scopes, unrestricted: grant.unrestricted };
}

/** Throws `organization.not_found` where the caller belongs to another organization than the one that is named. */
function organizationOf({ organizationId, caller }: Pick<KeyAccess, 'organizationId' | 'caller'>): string {
  const id = organizationId ?? caller?.organization.id;
  if (id === undefined) throw new TypeError('ApiKeys takes an organizationId, or a caller.');
  if (caller !== undefined && caller.organization.id !== id) {
    throw new IdentityError('organization.not_found', 'No such organization.');
  }
  return id;
}

function callingGrantor(caller: Caller, origin?: UserOrigin): Grantor {
  if (!isStored(caller)) {
    throw new TypeError('Keys are changed where they are stored: this caller was authenticated by another service.');
  }
  return grantorOf(caller, fromOrigin(origin));
}

function bounded(grant: ScopeGrant, maxScopes: readonly string[] | undefined): ScopeGrant {
  if (maxScopes === undefined) return grant;
  // For `narrow`, an empty list is a wish for everything.
  return maxScopes.length === 0 ? ScopeGrant.of([]) : grant.narrow(maxScopes);
}

/** Throws for what is undefined and would reach further than if it were there. */
function assertGiven(request: object): void {
  for (const name of ['user', 'caller', 'maxScopes'] as const) {
    if (!(name in request) || (request as Record<string, unknown>)[name] !== undefined) continue;
    throw new TypeError(`${name} is undefined. Leave it out if you mean the request without it.`);
  }
}
