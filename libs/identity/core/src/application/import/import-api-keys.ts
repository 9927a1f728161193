import { type Actor, OPERATOR } from '../../domain/actor.js';
import { ApiKey } from '../../domain/api-key.js';
import { randomBase62 } from '../../domain/base62.js';
import { assertImportable, type ImportedApiKey, withoutPepperName } from '../../domain/imported-api-key.js';
import type { Member } from '../../domain/member.js';
import type { RandomSource } from '../../domain/random-source.js';
import { PUBLIC_LENGTH, type TokenFormat } from '../../domain/token-format.js';
import { type AuditEvents, auditedFields } from '../audit/audit-events.js';
import type { ApiKeyRepository, InsertOutcome, NewImportedApiKey } from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';

/** What became of a key of another system. `organization_not_found`: there is no such organization, or it has no owner. */
export type ImportOutcome = InsertOutcome | 'organization_not_found';

/** Dependencies of `ImportApiKeys`. */
export interface ImportDependencies {
  readonly apiKeys: ApiKeyRepository;
  readonly organizations: OrganizationRepository;
  readonly format: TokenFormat;
  readonly random: RandomSource;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly events: AuditEvents;
}

/** How keys are imported. */
export interface ImportOptions {
  /** Determines the outcomes and stores nothing. */
  readonly dryRun: boolean;
  /** Who is recorded in the audit log. Default: the operator. */
  readonly actor?: Actor | undefined;
}

interface OwnedRow {
  readonly row: ImportedApiKey;
  readonly owner: Member;
  readonly index: number;
}

/**
 * Imports keys of another system with the hashes that it stored. Each becomes a key of its organization's owner, with the
 * operator as its grantor. An import may be repeated: keys that were imported before stay as they are.
 */
export class ImportApiKeys {
  constructor(private readonly parts: ImportDependencies) {}

  /**
   * Checks a key without looking at the database.
   *
   * @throws IdentityError `api_key.name_invalid`, `api_key.scope_invalid` or `api_key.import_invalid`
   */
  check(row: ImportedApiKey): void {
    assertImportable(row, this.parts.format);
  }

  /**
   * Stores all keys in one transaction. A second one follows for keys whose generated public part was taken.
   *
   * @param rows - the keys
   * @returns one outcome for each key, in order
   * @throws IdentityError as `check`, for any of the keys; then nothing is stored
   */
  async execute(rows: readonly ImportedApiKey[], options: ImportOptions): Promise<readonly ImportOutcome[]> {
    for (const row of rows) this.check(row);
    const owners = await this.parts.organizations.findOwners([...new Set(rows.map((row) => row.organizationId))]);
    const outcomes = rows.map((): ImportOutcome => 'organization_not_found');
    const owned = rows.flatMap((row, index) => {
      const owner = owners.get(row.organizationId);
      return owner === undefined ? [] : [{ row, owner, index }];
    });
    await this.insert(owned, options, outcomes);
    // As for issued keys, a generated public part that is taken is drawn once more.
    const isUnlucky = ({ row, index }: OwnedRow) => row.keyPrefix === null && outcomes[index] === 'prefix_taken';
    await this.insert(owned.filter(isUnlucky), options, outcomes);
    return outcomes;
  }

  private async insert(
    owned: readonly OwnedRow[],
    { dryRun, actor }: ImportOptions,
    outcomes: ImportOutcome[],
  ): Promise<void> {
    if (owned.length === 0) return;
    // In one draw: one for each row would take a good part of the time of an import.
    const drawn = randomBase62(PUBLIC_LENGTH * owned.length, this.parts.random);
    const keys = owned.map(({ row, owner }, at) => {
      const generated = `imported_${drawn.slice(PUBLIC_LENGTH * at, PUBLIC_LENGTH * (at + 1))}`;
      return this.keyOf(row, owner, row.keyPrefix ?? generated, actor);
    });
    const inserted = await this.parts.apiKeys.insertImported(keys, { dryRun });
    for (const [at, outcome] of inserted.entries()) outcomes[owned[at]?.index ?? -1] = outcome;
  }

  private keyOf(row: ImportedApiKey, owner: Member, keyPrefix: string, actor: Actor = OPERATOR): NewImportedApiKey {
    const { ids, clock, events, format } = this.parts;
    const { organizationId, name, expiresAt, hash, lookup } = row;
    const [id, now] = [ids.next(), clock.now()];
    const apiKey = new ApiKey({
      id,
      organizationId,
      memberId: owner.id,
      name,
      description: null,
      labels: [],
      metadata: null,
      keyPrefix,
      grant: assertImportable(row, format),
      rateLimit: null,
      quota: null,
      allowedNetworks: null,
      createdAt: row.createdAt ?? now,
      createdBy: { type: 'operator', id: null },
      expiresAt,
      disabledAt: null,
      revokedAt: null,
      lastUsedAt: null,
    });
    // The secret is new here, however old the key is: a policy counts the days without use from now.
    const life = { createdAt: now, validUntil: null, lastUsedAt: null };
    const secret = { id: ids.next(), apiKeyId: id, keyPrefix, ...life, hash, proof: null };
    const changes = { ...auditedFields(apiKey), key_prefix: keyPrefix };
    const subject = { organizationId, apiKeyId: id, keyPrefix, changes };
    return { apiKey, secret, lookup, event: events.build('api_key.imported', actor, subject) };
  }
}

/** Which hashes, look-up texts and public parts of an import are stored already. */
export interface TakenTexts {
  /** The hashes of imported secrets, each with the id of its organization. */
  readonly hashes: Iterable<readonly [hash: string, organizationId: string]>;
  readonly lookups: Iterable<string>;
  readonly keyPrefixes: Iterable<string>;
}

/**
 * Decides what becomes of each key of an import, as `ApiKeyRepository.insertImported` promises. For adapters.
 *
 * @returns one outcome for each key, in order
 */
export function importOutcomes(imported: readonly NewImportedApiKey[], taken: TakenTexts): InsertOutcome[] {
  const hashes = new Map([...taken.hashes].map(([hash, owner]) => [withoutPepperName(hash), owner]));
  const lookups = new Set(taken.lookups);
  const keyPrefixes = new Set(taken.keyPrefixes);
  return imported.map(({ apiKey: { organizationId }, lookup, secret }) => {
    const hash = withoutPepperName(secret.hash ?? '');
    const owner = hashes.get(hash);
    if (owner !== undefined) return owner === organizationId ? 'already_imported' : 'taken_by_another_organization';
    if (lookups.has(lookup)) return 'lookup_taken';
    if (keyPrefixes.has(secret.keyPrefix)) return 'prefix_taken';
    hashes.set(hash, organizationId);
    lookups.add(lookup);
    keyPrefixes.add(secret.keyPrefix);
    return 'imported';
  });
}
