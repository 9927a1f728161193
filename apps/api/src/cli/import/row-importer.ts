import { setTimeout as sleep } from 'node:timers/promises';
import { IdentityError, type ImportApiKeys, type ImportedApiKey, type ImportOutcome } from '@feather-identity/core';
import { operator } from '../../environment/operator.js';
import type { AcceptedKeys } from './accepted-keys.js';
import { importedKeyOf, type RowDefaults, refusedInWords, RowRefusal } from './imported-key-of-row.js';
import { type RequiredSettings, settingOf } from './required-settings.js';
import { refused, type RowResult } from './row-result.js';
import type { SourceRow } from './source-row.js';

/** Rows in one transaction: each transaction costs one sync to disk. */
const BATCH = 500;

/** A restart of the database takes a moment. */
const RETRIES = 2;
const RETRY_PAUSE_MS = 1000;

interface ReadRow {
  readonly number: number;
  readonly key: ImportedApiKey;
}

/** Dependencies of `RowImporter`. */
export interface RowImporterParts {
  readonly importApiKeys: ImportApiKeys;
  readonly accepted: AcceptedKeys;
  readonly settings: RequiredSettings;
  readonly defaults: RowDefaults;
  readonly dryRun: boolean;
}

/** Imports rows in batches. The results of a batch are yielded after it is stored. */
export class RowImporter {
  constructor(private readonly parts: RowImporterParts) {}

  /** Yields the results of each batch: one for each row, in order. */
  async *import(rows: AsyncIterable<SourceRow>): AsyncGenerator<readonly RowResult[]> {
    let batch: SourceRow[] = [];
    for await (const row of rows) {
      batch.push(row);
      if (batch.length < BATCH) continue;
      yield await this.importBatch(batch);
      batch = [];
    }
    if (batch.length > 0) yield await this.importBatch(batch);
  }

  private async importBatch(rows: readonly SourceRow[]): Promise<RowResult[]> {
    const read = rows.map((row) => this.read(row));
    const good = read.filter((row) => 'key' in row);
    const outcomes = await this.store(good.map(({ key }) => key));
    const results = new Map(good.map((row, at) => [row.number, this.result(row, outcomes[at])]));
    return read.map((row) => ('key' in row ? results.get(row.number) : row)).filter((row) => row !== undefined);
  }

  /** Safe to repeat: rows of a batch whose commit was not acknowledged are `already_imported`. */
  private async store(keys: readonly ImportedApiKey[], retries = RETRIES): Promise<readonly ImportOutcome[]> {
    try {
      return await this.parts.importApiKeys.execute(keys, { dryRun: this.parts.dryRun, actor: operator() });
    } catch (error) {
      if (retries === 0 || !(error instanceof IdentityError) || error.code !== 'storage.unavailable') throw error;
    }
    await sleep(RETRY_PAUSE_MS);
    return this.store(keys, retries - 1);
  }

  private read(row: SourceRow): ReadRow | RowResult {
    const { number } = row;
    if ('reason' in row) return refused(number, row.reason);
    try {
      const key = importedKeyOf(row.fields, this.parts.defaults);
      refusedInWords(() => this.parts.importApiKeys.check(key));
      const setting = settingOf(key);
      this.parts.settings.add(setting);
      const refusal = this.parts.accepted.refusal(key, setting);
      return refusal === null ? { number, key } : refused(number, refusal);
    } catch (error) {
      if (error instanceof RowRefusal) return refused(number, error.message);
      throw error;
    }
  }

  private result({ number, key: { keyPrefix } }: ReadRow, outcome: ImportOutcome | undefined): RowResult {
    switch (outcome) {
      case 'imported':
        return { number, outcome: this.parts.dryRun ? 'importable' : 'imported', keyPrefix, reason: null };
      case 'already_imported':
        return { number, outcome: 'already_imported', keyPrefix, reason: null };
      case 'taken_by_another_organization':
        return refused(number, 'Another organization has this key.');
      case 'lookup_taken':
        return refused(number, 'Another key begins with the same prefix: give more of the key.');
      case 'prefix_taken':
        return refused(number, 'Another key is shown by the same prefix.');
      case 'organization_not_found':
        return refused(number, 'No such organization.');
      case undefined:
        throw new Error('A row has no outcome.');
    }
  }
}
