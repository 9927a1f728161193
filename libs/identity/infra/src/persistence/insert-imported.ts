import { importOutcomes, type InsertOutcome, type NewImportedApiKey, type TakenTexts } from '@feather-identity/core';
import { hashesLike, secretsAmong } from './imported-secrets.js';
import { forgetCounts } from './key-limit.js';
import { insertOf, newApiKeyRow, newEventRow, type NewRow, newSecretRow } from './new-rows.js';
import type { Statement, Steps } from './statement.js';
import type { StatementBuilder } from './statement-builder.js';

/** PostgreSQL's advisory lock of imports, kept until the transaction ends; any number, the same everywhere. */
const ADVISORY_LOCK = 7_310_482_212;

/**
 * Stores keys of another system as `ApiKeyRepository.insertImported` promises. In an open transaction. Imports take turns,
 * and no token of ours has a look-up text or the public part of an imported key: what is free when it is looked at stays so.
 */
export function* insertImported(
  statements: StatementBuilder,
  imported: readonly NewImportedApiKey[],
  dryRun: boolean,
): Steps<readonly InsertOutcome[]> {
  if (statements.dialect === 'postgres') {
    yield { text: 'SELECT pg_advisory_xact_lock($1)', values: [ADVISORY_LOCK] };
  }
  const outcomes = importOutcomes(imported, yield* takenTexts(statements, imported));
  const wanted = dryRun ? [] : imported.filter((_, index) => outcomes[index] === 'imported');
  if (wanted.length > 0) {
    yield forgetCounts(
      statements,
      wanted.map(({ apiKey }) => apiKey.organizationId),
    );
  }
  for (const rowOf of [newApiKeyRow, importedSecretRow, eventRow]) yield* insertAll(statements, wanted.map(rowOf));
  return outcomes;
}

function* takenTexts(statements: StatementBuilder, imported: readonly NewImportedApiKey[]): Steps<TakenTexts> {
  const same = yield hashesLike(
    statements,
    imported.map(({ secret }) => secret.hash ?? ''),
  );
  const found = yield secretsAmong(
    statements,
    'lookup',
    imported.map(({ lookup }) => lookup),
  );
  // A key's own public part is one of its secrets'.
  const shown = yield secretsAmong(
    statements,
    'key_prefix',
    imported.map(({ secret }) => secret.keyPrefix),
  );
  return {
    hashes: same.map((row) => [row['hash'] as string, row['organization_id'] as string]),
    lookups: found.map((row) => row['lookup'] as string),
    keyPrefixes: shown.map((row) => row['key_prefix'] as string),
  };
}

function importedSecretRow(created: NewImportedApiKey): NewRow {
  const { table, columns } = newSecretRow(created);
  return { table, columns: { ...columns, lookup: [created.lookup, 'text'] } };
}

function eventRow({ event }: NewImportedApiKey): NewRow {
  return newEventRow(event);
}

/** Rows of one table: on PostgreSQL by one statement of arrays, on SQLite, which has no round trips, one by one. */
function* insertAll(statements: StatementBuilder, rows: readonly NewRow[]): Steps<void> {
  const [first] = rows;
  if (first === undefined) return;
  if (statements.dialect === 'postgres') {
    yield insertArrays(statements, first, rows);
    return;
  }
  const text = insertOf(statements.tables, first, statements.parameters());
  for (const { columns } of rows) {
    const parameters = statements.parameters();
    for (const [value, type] of Object.values(columns)) parameters.mark(value, type);
    yield { text, values: parameters.values };
  }
}

function insertArrays({ tables }: StatementBuilder, { table, columns }: NewRow, rows: readonly NewRow[]): Statement {
  const names = Object.keys(columns);
  const arrays = Object.values(columns).map(([, type], index) => `$${index + 1}::${type}[]`);
  return {
    text: `INSERT INTO ${tables[table]} (${names.join(', ')}) SELECT * FROM unnest(${arrays.join(', ')})`,
    values: names.map((name) => rows.map((row) => row.columns[name]?.[0])),
  };
}
