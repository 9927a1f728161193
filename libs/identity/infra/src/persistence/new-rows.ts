import type { AuditEvent, NewApiKey } from '@feather-identity/core';
import { toApiKeyRow } from './mappers/api-key.mapper.js';
import { toApiKeySecretRow } from './mappers/api-key-secret.mapper.js';
import { toAuditEventRow } from './mappers/audit-event.mapper.js';
import type { SqlParameters, SqlType } from './sql-parameters.js';
import type { TableNames } from './table-names.js';

/** A row to insert: its table, and the value of each column with its type. */
export interface NewRow {
  readonly table: keyof TableNames;
  readonly columns: Readonly<Record<string, readonly [value: unknown, type: SqlType]>>;
}

/** The row of a new key. */
export function newApiKeyRow({ apiKey }: NewApiKey): NewRow {
  const row = toApiKeyRow(apiKey);
  return {
    table: 'apiKeys',
    columns: {
      id: [row.id, 'uuid'],
      organization_id: [row.organizationId, 'uuid'],
      member_id: [row.memberId, 'uuid'],
      name: [row.name, 'text'],
      key_prefix: [row.keyPrefix, 'text'],
      scopes: [row.scopes, 'text'],
      unrestricted: [row.unrestricted, 'boolean'],
      created_at: [row.createdAt, 'timestamptz'],
      expires_at: [row.expiresAt, 'timestamptz'],
      disabled_at: [row.disabledAt, 'timestamptz'],
      revoked_at: [row.revokedAt, 'timestamptz'],
      last_used_at: [row.lastUsedAt, 'timestamptz'],
    },
  };
}

/** The row of a new key's secret. */
export function newSecretRow({ secret }: NewApiKey): NewRow {
  const row = toApiKeySecretRow(secret);
  return {
    table: 'apiKeySecrets',
    columns: {
      id: [row.id, 'uuid'],
      api_key_id: [row.apiKeyId, 'uuid'],
      key_prefix: [row.keyPrefix, 'text'],
      hash: [row.hash, 'text'],
      proof: [row.proof, 'text'],
      created_at: [row.createdAt, 'timestamptz'],
      valid_until: [row.validUntil, 'timestamptz'],
      last_used_at: [row.lastUsedAt, 'timestamptz'],
    },
  };
}

/** The row of an event. */
export function newEventRow(event: AuditEvent): NewRow {
  const row = toAuditEventRow(event);
  return {
    table: 'auditEvents',
    columns: {
      organization_id: [row.organizationId, 'uuid'],
      id: [row.id, 'uuid'],
      type: [row.type, 'text'],
      occurred_at: [row.occurredAt, 'timestamptz'],
      actor_type: [row.actorType, 'text'],
      actor_api_key_id: [row.actorApiKeyId, 'uuid'],
      actor_member_id: [row.actorMemberId, 'uuid'],
      request_id: [row.requestId, 'text'],
      source_address: [row.sourceAddress, 'text'],
      api_key_id: [row.apiKeyId, 'uuid'],
      changes: [row.changes, 'text'],
    },
  };
}

/** `INSERT INTO ... SELECT values`, which may go on with a FROM. */
export function insertOf(tables: TableNames, { table, columns }: NewRow, parameters: SqlParameters): string {
  const marks = Object.values(columns).map(([value, type]) => parameters.mark(value, type));
  return `INSERT INTO ${tables[table]} (${Object.keys(columns).join(', ')}) SELECT ${marks.join(', ')}`;
}
