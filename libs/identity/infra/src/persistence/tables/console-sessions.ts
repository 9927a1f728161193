import {
  type ConsoleHolder,
  type ConsoleLink,
  type ConsoleSession,
  type NewConsoleLink,
  type NewConsoleSession,
  ScopeGrant,
} from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import { readTexts } from './api-keys.js';
import type { TableOptions } from './columns.js';

/** What rows of sessions and links have in common. */
class HeldRow {
  holderKind!: ConsoleHolder['kind'];
  apiKeyId!: string | null;
  keyPrefix!: string | null;
  operatorName!: string | null;
  /** JSON array. */
  scopes!: string;
  unrestricted!: boolean;
  createdAt!: Date;
}

/** A row of `console_sessions`. */
export class ConsoleSessionRow extends HeldRow {
  id!: string;
  secretHash!: string;
  lastSeenAt!: Date;
}

/** A row of `console_links`. */
export class ConsoleLinkRow extends HeldRow {
  codeHash!: string;
  expiresAt!: Date;
}

function heldColumns({ types }: TableOptions) {
  return {
    holderKind: { type: 'text', name: 'holder_kind' },
    apiKeyId: { type: types.id, name: 'api_key_id', nullable: true },
    keyPrefix: { type: 'text', name: 'key_prefix', nullable: true },
    operatorName: { type: 'text', name: 'operator_name', nullable: true },
    scopes: { type: 'text', name: 'scopes' },
    unrestricted: { type: 'boolean', name: 'unrestricted' },
    createdAt: { type: types.instant, name: 'created_at' },
  } as const;
}

/** How `ConsoleSessionRow` is stored. */
export function consoleSessionSchema(options: TableOptions): EntitySchema<ConsoleSessionRow> {
  return new EntitySchema<ConsoleSessionRow>({
    name: 'ConsoleSessionRow',
    target: ConsoleSessionRow,
    ...options.placedIn('console_sessions'),
    columns: {
      id: { type: options.types.id, name: 'id', primary: true },
      secretHash: { type: 'text', name: 'secret_hash' },
      ...heldColumns(options),
      lastSeenAt: { type: options.types.instant, name: 'last_seen_at' },
    },
  });
}

/** How `ConsoleLinkRow` is stored. */
export function consoleLinkSchema(options: TableOptions): EntitySchema<ConsoleLinkRow> {
  return new EntitySchema<ConsoleLinkRow>({
    name: 'ConsoleLinkRow',
    target: ConsoleLinkRow,
    ...options.placedIn('console_links'),
    columns: {
      codeHash: { type: 'text', name: 'code_hash', primary: true },
      ...heldColumns(options),
      expiresAt: { type: options.types.instant, name: 'expires_at' },
    },
  });
}

/** The session of a row. */
export function toConsoleSession(row: ConsoleSessionRow): ConsoleSession {
  const { id, lastSeenAt } = row;
  return { id, ...heldBy(row), lastSeenAt };
}

/** The link of a row. */
export function toConsoleLink(row: ConsoleLinkRow): ConsoleLink {
  return { ...heldBy(row), expiresAt: row.expiresAt };
}

/** The row of a session. */
export function toConsoleSessionRow({ session, secretHash }: NewConsoleSession): ConsoleSessionRow {
  const { id, lastSeenAt } = session;
  return { id, secretHash, ...heldRow(session), lastSeenAt };
}

/** The row of a link. */
export function toConsoleLinkRow({ link, codeHash }: NewConsoleLink): ConsoleLinkRow {
  return { codeHash, ...heldRow(link), expiresAt: link.expiresAt };
}

function heldBy({ holderKind: kind, apiKeyId, keyPrefix, operatorName, scopes, unrestricted, createdAt }: HeldRow) {
  const holder: ConsoleHolder =
    // A damaged row names a key that does not exist.
    kind === 'operator' ? { kind, name: operatorName } : { kind, apiKeyId: apiKeyId ?? '', keyPrefix: keyPrefix ?? '' };
  const grant = unrestricted ? ScopeGrant.unrestricted() : ScopeGrant.of(readTexts(scopes));
  return { holder, grant, createdAt };
}

function heldRow({
  holder,
  grant,
  createdAt,
}: Pick<ConsoleSession, 'holder' | 'grant' | 'createdAt'>): Pick<HeldRow, keyof HeldRow> {
  const isOperator = holder.kind === 'operator';
  return {
    holderKind: holder.kind,
    apiKeyId: isOperator ? null : holder.apiKeyId,
    keyPrefix: isOperator ? null : holder.keyPrefix,
    operatorName: isOperator ? holder.name : null,
    scopes: JSON.stringify(grant.scopes),
    unrestricted: grant.unrestricted,
    createdAt,
  };
}
