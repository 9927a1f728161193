import {
  type ApiKey,
  type ApiKeyChange,
  type ApiKeyCredential,
  type ApiKeyDetails,
  type ApiKeyPage,
  type ApiKeyPlace,
  type ApiKeyReference,
  type ApiKeyEnding,
  ApiKeyRepository,
  type ApiKeySearch,
  type AuditEvent,
  type ClaimedExpiryNotice,
  type DescendantTerms,
  type EndedApiKeys,
  type EndingEvents,
  type ExpiryNoticeTerms,
  type FoundApiKeys,
  type InsertOutcome,
  type InsertTerms,
  type LastUsedFrom,
  type NewApiKey,
  type NewImportedApiKey,
  type ProofRenewal,
  type Revocation,
} from '@feather-identity/core';
import type { CredentialLeases, CredentialLeaseState } from '../credentials/credential-leases.js';
import { createCredentialLoader, type CredentialLoader } from '../credentials/credential-loader.js';
import { statementOf } from '../sql/sql.js';
import type { Storage } from '../sql/storage.js';
import { changeApiKey } from './change-api-key.js';
import { claimExpiryNotices, settleExpiryNotice } from './expiry-notices.js';
import { insertImported, secretsAmong } from './import-api-keys.js';
import { insertApiKey, InsertGroups } from './insert-api-key.js';
import { detailsOf, readPage, readPageEnd, selectByKeyPrefix, selectDetails } from './read-api-keys.js';
import { recordKeyUse, recordSecretUse, replaceProofs } from './record-use.js';
import { endApiKeys, type KeyRevocation, revokeAlone, revokeApiKey, unusedIds } from './revoke-api-key.js';
import { readByIds, searchKeys } from './search-api-keys.js';

/** Keys in SQLite or PostgreSQL. */
export class TypeOrmApiKeyRepository extends ApiKeyRepository {
  readonly #credentials: CredentialLoader;
  readonly #groups: InsertGroups;

  /** @param leases - without them every verification reads */
  constructor(
    private readonly storage: Storage,
    private readonly leases?: CredentialLeases,
  ) {
    super();
    this.#credentials = createCredentialLoader(storage.dataSource, leases);
    this.#groups = new InsertGroups(storage);
  }

  /** Look-ups of credentials that reached the database since the process started. */
  get credentialQueries(): number {
    return this.#credentials.queries;
  }

  /** Whether credentials are answered from memory, and how many are held; null without leases. */
  get credentialLease(): CredentialLeaseState | null {
    return this.leases ?? null;
  }

  override async release(): Promise<void> {
    await this.leases?.stop();
  }

  override async insert(created: NewApiKey, terms: InsertTerms = {}): Promise<void> {
    const { statements } = this.storage;
    if (statements.dialect === 'postgres' && (await this.#groups.insert(created, terms))) return;
    await this.storage.write('createApiKeys', () => insertApiKey(statements, created, terms));
  }

  override insertImported(
    imported: readonly NewImportedApiKey[],
    { dryRun = false }: { readonly dryRun?: boolean } = {},
  ): Promise<readonly InsertOutcome[]> {
    return this.storage.write('importApiKeys', () => insertImported(this.storage.statements, imported, dryRun));
  }

  override list(organizationId: string, page: ApiKeyPage = {}): Promise<ApiKey[]> {
    return readPage(this.storage, organizationId, page);
  }

  override findPageEnd(
    organizationId: string,
    page: ApiKeyPage & { readonly limit: number },
  ): Promise<ApiKeyPlace | null> {
    return readPageEnd(this.storage, organizationId, page);
  }

  override search(organizationId: string, search: ApiKeySearch): Promise<FoundApiKeys> {
    return searchKeys(this.storage, organizationId, search);
  }

  override listByIds(organizationId: string, ids: readonly string[]): Promise<ApiKey[]> {
    return readByIds(this.storage, organizationId, ids);
  }

  override async find(organizationId: string, apiKeyId: string): Promise<ApiKeyDetails | null> {
    const { statements } = this.storage;
    return detailsOf(statements, await this.storage.read(selectDetails(statements, organizationId, apiKeyId)));
  }

  override async findByKeyPrefix(
    organizationId: string | null,
    keyPrefix: string,
  ): Promise<readonly ApiKeyReference[]> {
    const statement = selectByKeyPrefix(this.storage.statements, organizationId, keyPrefix);
    const rows = await this.storage.read<{ id: string; organization_id: string }>(statement);
    // A secret that is still there is found twice, if a rotation made it.
    const found = new Map(Array.from(rows, (row) => [row.id, { id: row.id, organizationId: row.organization_id }]));
    return [...found.values()];
  }

  override change(
    organizationId: string,
    apiKeyId: string,
    decide: (current: ApiKeyDetails) => ApiKeyChange | null,
    changedBy: ApiKey | null = null,
  ): Promise<ApiKeyDetails> {
    const target = { organizationId, apiKeyId, changedBy };
    return this.storage.write('changeApiKey', () => changeApiKey(this.storage.statements, target, decide));
  }

  override revoke(
    organizationId: string,
    apiKeyId: string,
    event: AuditEvent,
    descendants?: DescendantTerms,
  ): Promise<Revocation | null> {
    return this.revokeKey({ organizationId, apiKeyId, event, descendants });
  }

  override end(
    organizationId: string,
    ending: ApiKeyEnding,
    apiKeyIds: readonly string[],
    events: EndingEvents,
  ): Promise<EndedApiKeys> {
    return this.storage.write('endApiKeys', () =>
      endApiKeys(this.storage.statements, { organizationId, ending, apiKeyIds, events }),
    );
  }

  override async findUnused(organizationId: string, since: Date, limit: number): Promise<string[]> {
    const { statements } = this.storage;
    const select = unusedIds(statements, organizationId, since, limit);
    const rows = await this.storage.read(statementOf(select));
    return rows.map((row) => row['id'] as string);
  }

  override revokeUnused(
    organizationId: string,
    apiKeyId: string,
    unusedSince: Date,
    event: AuditEvent,
    descendants?: DescendantTerms,
  ): Promise<Revocation | null> {
    return this.revokeKey({ organizationId, apiKeyId, event, unusedSince, descendants });
  }

  private async revokeKey(revocation: KeyRevocation): Promise<Revocation | null> {
    const { statements } = this.storage;
    if (statements.dialect === 'postgres' && revocation.descendants?.cascade !== true) {
      const alone = (awaits: string) => revokeAlone(statements, revocation, awaits);
      const outcome = await this.storage.writeStatement('revokeApiKey', alone);
      if (outcome !== undefined) return outcome;
    }
    return this.storage.write('revokeApiKey', () => revokeApiKey(statements, revocation));
  }

  override claimExpiryNotices(terms: ExpiryNoticeTerms): Promise<readonly ClaimedExpiryNotice[]> {
    return this.storage.write('announceExpiry', () => claimExpiryNotices(this.storage.statements, terms));
  }

  override async settleExpiryNotice(apiKeyId: string): Promise<void> {
    const statement = settleExpiryNotice(this.storage.statements, apiKeyId);
    await this.storage.write('announceExpiry', function* () {
      yield statement;
    });
  }

  override findCredential(keyPrefix: string): Promise<ApiKeyCredential | null> {
    return this.#credentials.find(keyPrefix);
  }

  override async findImported(lookups: readonly string[]): Promise<string | null> {
    const statement = secretsAmong(this.storage.statements, 'lookup', lookups);
    const rows = await this.storage.lookUp(statement);
    const found = new Map(rows.map((row) => [row['lookup'] as string, row['key_prefix'] as string]));
    return found.get(lookups.find((lookup) => found.has(lookup)) ?? '') ?? null;
  }

  override async replaceProofs(renewals: readonly ProofRenewal[]): Promise<void> {
    await replaceProofs(this.storage, renewals);
    for (const { secretId } of renewals) this.leases?.forget(secretId);
  }

  override recordLastUsed(
    lastUsed: ReadonlyMap<string, Date>,
    from: ReadonlyMap<string, LastUsedFrom | null> = new Map(),
  ): Promise<void> {
    return recordKeyUse(this.storage, lastUsed, from);
  }

  override recordSecretsLastUsed(lastUsed: ReadonlyMap<string, Date>): Promise<void> {
    return recordSecretUse(this.storage, lastUsed);
  }
}
