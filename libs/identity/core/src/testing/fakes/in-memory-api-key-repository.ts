import {
  type ApiKeyChange,
  type ApiKeyCredential,
  type ApiKeyDetails,
  type ApiKeyPage,
  type ApiKeyPlace,
  type ApiKeyReference,
  type ApiKeyEnding,
  ApiKeyRepository,
  type ClaimedExpiryNotice,
  type DescendantTerms,
  type ExpiryNoticeTerms,
  type ApiKeySearch,
  type EndedApiKeys,
  type EndingEvents,
  type FoundApiKeys,
  type InsertOutcome,
  type InsertTerms,
  type NewApiKey,
  type NewImportedApiKey,
  type ProofRenewal,
  type Revocation,
} from '../../application/ports/api-key-repository.js';
import { comparePlaces, matches, placeIn } from '../../application/keys/key-search.js';
import type { ApiKey } from '../../domain/api-key.js';
import type { LastUsedFrom } from '../../domain/last-used-from.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import { IdentityError } from '../../domain/identity-error.js';
import { copyApiKey, copyMember, copyOrganization, copySecret } from './copies.js';
import { assertUnchanged, writeChange } from './in-memory-key-changes.js';
import { insertImported } from './in-memory-key-imports.js';
import {
  assertRoom,
  descendantsOf,
  isBefore,
  isNoticeDue,
  isUnused,
  livingAmong,
  newestFirst,
  secretsOf,
  unrevokedKeysOf,
} from './in-memory-key-reads.js';
import type { InMemoryStore } from './in-memory-store.js';

/** Keys in memory, with every promise of the port but durability. */
export class InMemoryApiKeyRepository extends ApiKeyRepository {
  constructor(readonly store: InMemoryStore) {
    super();
  }

  override async insert(created: NewApiKey, { issuedBy, maxKeys, mayExceed = false }: InsertTerms = {}): Promise<void> {
    const { organizationId } = created.apiKey;
    if (issuedBy) assertUnchanged(this.store, organizationId, issuedBy);
    if (!mayExceed) assertRoom(this.store, organizationId, created.event.occurredAt, maxKeys);
    this.store.addApiKey(created);
  }

  override async insertImported(
    imported: readonly NewImportedApiKey[],
    { dryRun = false }: { readonly dryRun?: boolean } = {},
  ): Promise<readonly InsertOutcome[]> {
    return insertImported(this.store, imported, dryRun);
  }

  override async list(organizationId: string, page: ApiKeyPage = {}): Promise<ApiKey[]> {
    const { limit, after, until, includeRevoked = false, createdBy, expiresBefore, memberId } = page;
    return [...this.store.apiKeys.values()]
      .filter((apiKey) => apiKey.organizationId === organizationId && (includeRevoked || apiKey.revokedAt === null))
      .filter((apiKey) => memberId === undefined || apiKey.memberId === memberId)
      .filter((apiKey) => after === undefined || newestFirst(after, apiKey) < 0)
      .filter((apiKey) => until === undefined || newestFirst(apiKey, until) <= 0)
      .filter((apiKey) => createdBy === undefined || apiKey.createdBy?.id === createdBy)
      .filter(({ expiresAt }) => expiresBefore === undefined || (expiresAt !== null && expiresAt < expiresBefore))
      .sort(newestFirst)
      .slice(0, limit)
      .map((apiKey) => copyApiKey(apiKey));
  }

  override async findPageEnd(
    organizationId: string,
    page: ApiKeyPage & { readonly limit: number },
  ): Promise<ApiKeyPlace | null> {
    const keys = await this.list(organizationId, { ...page, limit: page.limit + 1 });
    const last = keys[page.limit - 1];
    return keys.length > page.limit && last !== undefined ? { createdAt: last.createdAt, id: last.id } : null;
  }

  override async search(organizationId: string, search: ApiKeySearch): Promise<FoundApiKeys> {
    const { sort, at, after, limit, includeRevoked, ...filters } = search;
    const places = [...this.store.apiKeys.values()]
      .filter((apiKey) => apiKey.organizationId === organizationId)
      .filter((apiKey) => includeRevoked || filters.status === 'revoked' || apiKey.revokedAt === null)
      .filter((apiKey) => matches(this.details(apiKey), filters, at))
      .map((apiKey) => placeIn(sort, apiKey))
      .filter((place) => after === undefined || comparePlaces(sort, after, place) < 0)
      .sort((a, b) => comparePlaces(sort, a, b));
    const page = places.slice(0, limit);
    return { ids: page.map(({ id }) => id), next: places.length > limit ? (page.at(-1) ?? null) : null };
  }

  override async listByIds(organizationId: string, ids: readonly string[]): Promise<ApiKey[]> {
    const stored = ids.map((id) => this.store.apiKeys.get(id));
    return stored.flatMap((apiKey) => (apiKey?.organizationId === organizationId ? [copyApiKey(apiKey)] : []));
  }

  override async find(organizationId: string, apiKeyId: string): Promise<ApiKeyDetails | null> {
    const apiKey = this.store.apiKeys.get(apiKeyId);
    return apiKey?.organizationId === organizationId ? this.details(apiKey) : null;
  }

  override async findByKeyPrefix(
    organizationId: string | null,
    keyPrefix: string,
  ): Promise<readonly ApiKeyReference[]> {
    const { apiKeys, auditEvents, secrets } = this.store;
    const present = [...secrets.values()].filter((secret) => secret.keyPrefix === keyPrefix);
    const removed = auditEvents.filter(
      ({ type, changes }) => type === 'api_key.rotated' && changes['key_prefix'] === keyPrefix,
    );
    const ids = new Set([...present, ...removed].map(({ apiKeyId }) => apiKeyId));
    return [...apiKeys.values()]
      .filter((apiKey) => ids.has(apiKey.id))
      .filter((apiKey) => organizationId === null || apiKey.organizationId === organizationId)
      .map((apiKey) => ({ id: apiKey.id, organizationId: apiKey.organizationId }));
  }

  override async change(
    organizationId: string,
    apiKeyId: string,
    decide: (current: ApiKeyDetails) => ApiKeyChange | null,
    changedBy?: ApiKey | null,
  ): Promise<ApiKeyDetails> {
    if (changedBy) assertUnchanged(this.store, organizationId, changedBy);
    const stored = unrevokedKeysOf(this.store, organizationId).find(({ id }) => id === apiKeyId);
    if (stored === undefined) throw new IdentityError('api_key.not_found', 'No such API key.');
    const change = decide(this.details(stored));
    if (change !== null) writeChange(this.store, stored, change);
    return this.details(this.store.apiKeys.get(apiKeyId) ?? stored);
  }

  override async revoke(
    organizationId: string,
    apiKeyId: string,
    event: AuditEvent,
    descendants?: DescendantTerms,
  ): Promise<Revocation | null> {
    const apiKey = this.store.apiKeys.get(apiKeyId);
    if (apiKey?.organizationId !== organizationId) return null;
    if (apiKey.revokedAt !== null && descendants?.cascade !== true) return null;
    const made = descendants === undefined ? [] : descendantsOf(this.store, apiKey);
    const policy = this.store.organizations.get(organizationId)?.policy;
    const cascades = descendants !== undefined && (descendants.cascade === true || policy?.revokeDescendants === true);
    const ended = cascades ? made.filter(({ revokedAt }) => revokedAt === null) : [];
    const events = ended.flatMap((each) => descendants?.eventOf(each) ?? []);
    const own = apiKey.revokedAt === null ? [{ ...event, keyPrefix: apiKey.keyPrefix }] : [];
    this.store.addEvents([...own, ...events]);
    for (const each of [...(own.length > 0 ? [apiKey] : []), ...ended]) this.put(each, { revokedAt: event.occurredAt });
    return {
      revokedDescendants: ended.length,
      livingDescendants: cascades ? { count: 0, isComplete: true } : livingAmong(made, event.occurredAt),
    };
  }

  override async end(
    organizationId: string,
    ending: ApiKeyEnding,
    apiKeyIds: readonly string[],
    { eventOf, descendantsOf: termsOf }: EndingEvents,
  ): Promise<EndedApiKeys> {
    const found = new Map(unrevokedKeysOf(this.store, organizationId).map((apiKey) => [apiKey.id, apiKey]));
    const isDone = (id: string) => ending === 'disable' && found.get(id)?.disabledAt !== null;
    const known = apiKeyIds.filter((id) => found.has(id));
    const ended = known.filter((id) => !isDone(id));
    const policy = this.store.organizations.get(organizationId)?.policy;
    const cascades = ending === 'revoke' && policy?.revokeDescendants === true;
    for (const apiKey of ended.flatMap((id) => found.get(id) ?? [])) {
      const told = eventOf(apiKey);
      const made = cascades ? descendantsOf(this.store, apiKey, ended) : [];
      const living = made.filter(({ revokedAt }) => revokedAt === null);
      this.store.addEvents([told, ...living.map(termsOf(apiKey.id).eventOf)]);
      const { occurredAt } = told;
      this.put(apiKey, ending === 'revoke' ? { revokedAt: occurredAt } : { disabledAt: occurredAt });
      for (const each of living) this.put(each, { revokedAt: occurredAt });
    }
    return { ended, unchanged: known.filter(isDone), notFound: apiKeyIds.filter((id) => !found.has(id)) };
  }

  override async findUnused(organizationId: string, since: Date, limit: number): Promise<string[]> {
    return unrevokedKeysOf(this.store, organizationId)
      .filter((apiKey) => isUnused(this.store, apiKey, since))
      .slice(0, limit)
      .map(({ id }) => id);
  }

  override async revokeUnused(
    organizationId: string,
    id: string,
    since: Date,
    event: AuditEvent,
    descendants?: DescendantTerms,
  ): Promise<Revocation | null> {
    const apiKey = this.store.apiKeys.get(id);
    if (!apiKey || apiKey.revokedAt !== null || !isUnused(this.store, apiKey, since)) return null;
    return this.revoke(organizationId, id, event, descendants);
  }

  override async claimExpiryNotices(terms: ExpiryNoticeTerms): Promise<readonly ClaimedExpiryNotice[]> {
    const { expiryNotices } = this.store;
    return [...this.store.apiKeys.values()]
      .filter((apiKey) => isNoticeDue(this.store, apiKey, terms))
      .sort((a, b) => Number(a.expiresAt) - Number(b.expiresAt))
      .slice(0, terms.limit)
      .map(({ id, organizationId, expiresAt }) => {
        const before = expiryNotices.get(id);
        const isAgain = before?.days === terms.days && Number(before.end) === Number(expiresAt);
        const attempt = isAgain ? before.attempt + 1 : 1;
        const end = new Date(Number(expiresAt));
        expiryNotices.set(id, { end, days: terms.days, attempt, retryAt: terms.retryAt });
        return { id, organizationId, expiresAt: end, attempt };
      });
  }

  override async settleExpiryNotice(apiKeyId: string): Promise<void> {
    const claimed = this.store.expiryNotices.get(apiKeyId);
    if (claimed) this.store.expiryNotices.set(apiKeyId, { ...claimed, retryAt: null });
  }

  override async findCredential(keyPrefix: string): Promise<ApiKeyCredential | null> {
    const secret = [...this.store.secrets.values()].find((stored) => stored.keyPrefix === keyPrefix);
    const apiKey = this.store.apiKeys.get(secret?.apiKeyId ?? '');
    const organization = this.store.organizations.get(apiKey?.organizationId ?? '');
    const member = this.store.members.get(apiKey?.memberId ?? '');
    if (!secret || !apiKey || !organization || member?.organizationId !== organization.id) return null;
    return {
      organization: copyOrganization(organization),
      member: copyMember(member),
      apiKey: copyApiKey(apiKey),
      secret: copySecret(secret),
    };
  }

  override async findImported(lookups: readonly string[]): Promise<string | null> {
    const stored = lookups.find((lookup) => this.store.importedSecrets.has(lookup));
    const secretId = this.store.importedSecrets.get(stored ?? '');
    return this.store.secrets.get(secretId ?? '')?.keyPrefix ?? null;
  }

  override async replaceProofs(renewals: readonly ProofRenewal[]): Promise<void> {
    for (const { secretId, expected, proof } of renewals) {
      const secret = this.store.secrets.get(secretId);
      if (secret?.proof !== expected || this.store.apiKeys.get(secret.apiKeyId)?.revokedAt !== null) continue;
      this.store.secrets.set(secretId, { ...secret, proof });
    }
  }

  override async recordLastUsed(
    lastUsed: ReadonlyMap<string, Date>,
    from: ReadonlyMap<string, LastUsedFrom | null> = new Map(),
  ): Promise<void> {
    for (const [id, place] of from) {
      const apiKey = this.store.apiKeys.get(id);
      const at = lastUsed.get(id);
      if (apiKey && (at === undefined || isBefore(apiKey.lastUsedAt, at))) this.put(apiKey, { lastUsedFrom: place });
    }
    for (const [id, at] of lastUsed) {
      const apiKey = this.store.apiKeys.get(id);
      if (apiKey && isBefore(apiKey.lastUsedAt, at)) this.put(apiKey, { lastUsedAt: at });
    }
  }

  override async recordSecretsLastUsed(lastUsed: ReadonlyMap<string, Date>): Promise<void> {
    for (const [id, at] of lastUsed) {
      const secret = this.store.secrets.get(id);
      if (secret && isBefore(secret.lastUsedAt, at)) {
        this.store.secrets.set(id, copySecret({ ...secret, lastUsedAt: at }));
      }
    }
  }

  private details(apiKey: ApiKey): ApiKeyDetails {
    return { apiKey: copyApiKey(apiKey), secrets: secretsOf(this.store, apiKey.id) };
  }

  private put(
    apiKey: ApiKey,
    changes: Partial<Pick<ApiKey, 'disabledAt' | 'revokedAt' | 'lastUsedAt' | 'lastUsedFrom'>>,
  ): void {
    this.store.apiKeys.set(apiKey.id, copyApiKey(apiKey, changes));
  }
}
