import type { AuditEvent } from '@feather-identity/core';
import { csvLine } from '@feather-identity/shared-http';
import { AUDIT_PAGE_EXAMPLE, type AuditEventResponse, toAuditEventResponse } from './audit-event.response.js';

/** The columns of CSV, named as the fields. */
const COLUMNS = [
  'id',
  'type',
  'occurred_at',
  'actor_type',
  'actor_name',
  'actor_api_key_id',
  'actor_user_id',
  'api_key_id',
  'key_prefix',
  'request_id',
  'source_address',
  'changes',
] as const satisfies (keyof AuditEventResponse)[];

const HEADINGS = csvLine(COLUMNS);

/** What a file of events is written by. */
interface Export {
  readonly type: string;
  /** How it begins. */
  readonly heading: string;
  readonly toText: (events: readonly AuditEvent[]) => string;
}

/** By the values of `format`. */
export const EXPORTS: Readonly<Record<'csv' | 'jsonl', Export>> = {
  csv: {
    type: 'text/csv; charset=utf-8',
    heading: HEADINGS,
    toText: (events) => events.map((event) => toCsv(toAuditEventResponse(event))).join(''),
  },
  jsonl: {
    type: 'application/x-ndjson',
    heading: '',
    toText: (events) => events.map((event) => toJsonLine(toAuditEventResponse(event))).join(''),
  },
};

const [EVENT_EXAMPLE] = AUDIT_PAGE_EXAMPLE.items as [AuditEventResponse];

/** The 200 of the export. */
export const EXPORT_RESPONSE = {
  status: 200,
  description: 'Successful Response',
  headers: {
    'Content-Disposition': {
      description: 'The name of the file (RFC 6266).',
      schema: { type: 'string' as const, examples: ['attachment; filename="audit-events-2026-12-01.csv"'] },
    },
  },
  content: {
    'application/x-ndjson': { schema: { type: 'string' as const }, example: toJsonLine(EVENT_EXAMPLE) },
    'text/csv': { schema: { type: 'string' as const }, example: HEADINGS + toCsv(EVENT_EXAMPLE) },
  },
};

function toCsv(event: AuditEventResponse): string {
  return csvLine(COLUMNS.map((column) => (column === 'changes' ? JSON.stringify(event.changes) : event[column])));
}

function toJsonLine(event: AuditEventResponse): string {
  return `${JSON.stringify(event)}\n`;
}
