import { AUDIT_TYPES } from '@feather-identity/react';
import { oneOf, present, text, type Raw } from '../../search-params.js';

/** Spans of time that end now, in hours. */
export const RANGES = { '24h': 24, '7d': 7 * 24, '30d': 30 * 24, '90d': 90 * 24 } as const;

/** The name of a span that ends now. */
export type Range = keyof typeof RANGES;

/** What the audit trail is narrowed to. */
export interface AuditSearch {
  /** The id of a key, or the beginning of its token. */
  readonly key?: string;
  /** The id of a member or key. */
  readonly actor?: string;
  readonly type?: string;
  readonly range?: Range;
  /** The first and last day, in the reader's zone: `2026-11-30`. */
  readonly since?: string;
  readonly until?: string;
  /** For the operator. */
  readonly organization?: string;
}

/** Reads the parameters of the audit trail. */
export function auditSearch(search: Raw): AuditSearch {
  return present({
    key: text(search['key'], 64),
    actor: text(search['actor'], 36),
    type: oneOf(search['type'], Object.keys(AUDIT_TYPES)),
    range: oneOf(search['range'], Object.keys(RANGES) as Range[]),
    since: day(search['since']),
    until: day(search['until']),
    organization: text(search['organization'], 36),
  });
}

function day(value: unknown): string | undefined {
  const read = text(value, 10);
  return read !== undefined && /^\d{4}-\d\d-\d\d$/.test(read) && !Number.isNaN(Date.parse(read)) ? read : undefined;
}
