import type { ClaimedExpiryNotice, ExpiryNoticeTerms } from '@feather-identity/core';
import { toInstant } from './read-api-keys.js';
import type { Statement, StatementBuilder, Write } from '../sql/sql.js';

const DAY_MS = 86_400_000;

/** Claims notices as `ApiKeyRepository.claimExpiryNotices` promises. In an open transaction. */
export function* claimExpiryNotices(
  statements: StatementBuilder,
  { now, days, endsAfter, retryAt, limit }: ExpiryNoticeTerms,
): Write<readonly ClaimedExpiryNotice[]> {
  const { dialect, tables } = statements;
  const parameters = statements.parameters();
  const at = parameters.mark(now, 'timestamptz');
  const latest = new Date(now.getTime() + days * DAY_MS);
  const notice = parameters.mark(days, 'integer');
  // A key that never had so many days left is not announced by that many.
  const livedLonger =
    dialect === 'postgres'
      ? `k.expires_at - make_interval(hours => 24 * ${notice}) >= k.created_at`
      : `strftime('%Y-%m-%d %H:%M:%f', k.expires_at, -${notice} || ' days') >= k.created_at`;
  const isDue =
    `(k.expiry_notice_end IS DISTINCT FROM k.expires_at OR k.expiry_notice_days > ${notice} ` +
    `OR k.expiry_notice_retry_at <= ${at}) AND k.revoked_at IS NULL AND k.disabled_at IS NULL`;
  const isDisabled = (table: string, id: string) =>
    `EXISTS (SELECT 1 FROM ${table} AS owner WHERE owner.id = ${id} AND owner.disabled_at IS NOT NULL)`;
  const due =
    `SELECT k.id FROM ${tables.apiKeys} AS k WHERE k.expires_at > ${parameters.mark(endsAfter, 'timestamptz')} ` +
    `AND k.expires_at <= ${parameters.mark(latest, 'timestamptz')} AND ${livedLonger} AND ${isDue} ` +
    `AND NOT ${isDisabled(tables.organizations, 'k.organization_id')} AND NOT ${isDisabled(tables.members, 'k.member_id')} ` +
    `ORDER BY k.expires_at LIMIT ${parameters.mark(limit, 'integer')}`;
  // As a list, for which no planner reads the whole table.
  const among = dialect === 'postgres' ? `= ANY(ARRAY(${due}))` : `IN (${due})`;
  const isAgain = `k.expiry_notice_end IS NOT DISTINCT FROM k.expires_at AND k.expiry_notice_days = ${notice}`;
  // Due once more after the wait for its lock: another instance may have claimed it meanwhile.
  const text =
    `UPDATE ${tables.apiKeys} AS k SET expiry_notice_end = expires_at, expiry_notice_days = ${notice}, ` +
    `expiry_notice_attempts = CASE WHEN ${isAgain} THEN k.expiry_notice_attempts + 1 ELSE 1 END, ` +
    `expiry_notice_retry_at = ${parameters.mark(retryAt, 'timestamptz')} WHERE k.id ${among} AND ${isDue} ` +
    'RETURNING id, organization_id, expires_at, expiry_notice_attempts';
  const rows = yield { text, values: parameters.values };
  return Array.from(rows, (row) => ({
    id: row['id'] as string,
    organizationId: row['organization_id'] as string,
    expiresAt: toInstant(row['expires_at'], dialect),
    attempt: Number(row['expiry_notice_attempts']),
  }));
}

/** Has the claimed notice of a key not be due again. */
export function settleExpiryNotice(statements: StatementBuilder, apiKeyId: string): Statement {
  const parameters = statements.parameters();
  const text =
    `UPDATE ${statements.tables.apiKeys} SET expiry_notice_retry_at = NULL ` +
    `WHERE id = ${parameters.mark(apiKeyId, 'uuid')}`;
  return { text, values: parameters.values };
}
