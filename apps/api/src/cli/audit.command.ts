import { setTimeout as sleep } from 'node:timers/promises';
import {
  AUDIT_EVENT_TYPES,
  type AuditEvent,
  type AuditEventQuery,
  type AuditEventType,
  type OperatorEvent,
} from '@feather-identity/core';
import { csvLine } from '@feather-identity/shared-http';
import { Command, Option } from 'commander';
import { writeOut } from '../standard-output.js';
import { isUuid, type Moment, moment, organizationOption, withExamples, withJson } from './options.js';
import { printable } from './printable.js';
import { eventRecord } from './records.js';
import { findKey, findOrganization } from './references.js';
import type { ServiceIdentity } from '../services/identity.js';
import { withSession } from './session.js';

/** How many events are shown without `--since`. */
const NEWEST = 100;

const PAGE = 500;
const POLL_MS = 1000;

/** An event may be committed this long after the instant and id that it was given, on an instance whose clock is behind. */
const LATE_MS = 60_000;

/** Of the columns on a terminal: instant, type, key. */
const WIDTHS = [24, Math.max(...AUDIT_EVENT_TYPES.map(({ length }) => length)), 36];

interface AuditOptions {
  readonly organization?: string;
  readonly operator?: boolean;
  readonly key?: string;
  readonly type?: AuditEventType;
  readonly since?: Moment;
  readonly follow?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** `audit list`. */
export function auditCommand(): Command {
  return new Command('audit').description('read the audit log').addCommand(listCommand());
}

function listCommand(): Command {
  const list = withJson(new Command('list'))
    .description(`list events, oldest first: the newest ${NEWEST}, or all since a time`)
    .addOption(organizationOption())
    .addOption(
      new Option('--operator', 'the events of the operator keys, which belong to no organization').conflicts([
        'organization',
        'key',
        'type',
      ]),
    )
    .addOption(
      new Option('--since <when>', 'all events since this time: 24h, or 2030-01-31T12:00:00Z').argParser(moment),
    )
    .addOption(new Option('--type <type>', 'only events of this type').choices(AUDIT_EVENT_TYPES))
    .option('--key <key>', 'only events about this key: its id, the beginning of its id, or its name')
    .option('--follow', 'go on with new events as they happen; with --json one event a line')
    .addOption(new Option('--csv', 'print CSV with a line of headings').conflicts('json'))
    .action(listEvents);
  return withExamples(
    list,
    'audit list --since 24h',
    'audit list --follow --type api_key.revoked',
    'audit list --key deploy --json',
    'audit list --since 90d --csv',
    'audit list --operator',
  );
}

function listEvents({ since, follow, json, csv, ...wanted }: AuditOptions) {
  return withSession(async ({ identity }) => {
    const { clock } = identity;
    const list = await listOf(identity, wanted);
    const begun = clock.now();
    const start = typeof since === 'number' ? new Date(begun.getTime() - since) : since;
    // Read before the events that are shown, so that none between the two reads is lost.
    const before = follow === true ? await eventsSince(list, lateAt(begun)) : [];
    const found = start === undefined ? await list({ limit: NEWEST + 1 }) : await eventsSince(list, start);
    const shown = start === undefined ? found.slice(0, NEWEST) : found;
    if (shown.length < found.length) {
      process.stderr.write(`Only the newest ${NEWEST} events are shown. All since an instant: --since 30d\n`);
    }
    if (follow !== true && json === true) return writeOut(`${JSON.stringify(shown.reverse().map(eventRecord))}\n`);
    const toText = json === true ? jsonLine : csv === true ? toCsvLine : line;
    if (csv === true) await writeOut(csvLine(HEADINGS));
    await write(shown, toText);
    if (follow !== true) return;
    for (let known = [...before, ...found], looked = begun; ;) {
      await sleep(POLL_MS);
      const next = clock.now();
      // Since the last look and not since now: this process may have been stopped meanwhile.
      const recent = await eventsSince(list, lateAt(looked));
      looked = next;
      const ids = new Set(known.map(({ id }) => id));
      await write(
        recent.filter(({ id }) => !ids.has(id)),
        toText,
      );
      known = recent;
    }
  });
}

/** How the events that are wanted are read. */
async function listOf(
  identity: ServiceIdentity,
  { organization, operator, key, type }: AuditOptions,
): Promise<(page: Page) => Promise<ListedEvent[]>> {
  if (operator === true) return (page) => identity.operatorKeys.listEvents(page);
  const deleted = await findDeleted(identity, organization);
  if (deleted !== undefined) return (page) => identity.auditLog.list(deleted, { ...page, type });
  const owner = await findOrganization(identity, organization);
  const apiKey = key === undefined ? undefined : await findKey(identity, owner, key, { includeRevoked: true });
  return (page) => identity.auditLog.list(owner.id, { ...page, apiKeyId: apiKey?.id, type });
}

/** The id of an organization of which nothing is left but its events. */
async function findDeleted({ organizations, auditLog }: ServiceIdentity, given = ''): Promise<string | undefined> {
  const id = given.toLowerCase();
  if (!isUuid(id) || (await organizations.find(id)) !== null) return undefined;
  return (await auditLog.list(id, { limit: 1 })).length > 0 ? id : undefined;
}

type ListedEvent = AuditEvent | OperatorEvent;

type Page = Pick<AuditEventQuery, 'limit' | 'after'>;

/** All events since this instant, newest first. */
async function eventsSince(list: (page: Page) => Promise<ListedEvent[]>, since: Date): Promise<ListedEvent[]> {
  const events: ListedEvent[] = [];
  let page: ListedEvent[] = [];
  do {
    page = await list({ limit: PAGE, after: page.at(-1)?.id });
    events.push(...page.filter(({ occurredAt }) => occurredAt >= since));
    // The list is sorted by id, which another clock may have made than the instant.
  } while (page.length === PAGE && page.some(({ occurredAt }) => occurredAt >= lateAt(since)));
  return events;
}

/** Before this instant no event is from that is committed now. */
function lateAt(instant: Date): Date {
  return new Date(instant.getTime() - LATE_MS);
}

/** Prints events that come newest first, oldest first. */
async function write(events: readonly ListedEvent[], toText: (event: ListedEvent) => string): Promise<void> {
  if (events.length > 0) await writeOut(events.map(toText).reverse().join(''));
}

function jsonLine(event: ListedEvent): string {
  return `${JSON.stringify(eventRecord(event))}\n`;
}

/** The columns of CSV. */
const HEADINGS = [
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
] as const satisfies (keyof ReturnType<typeof eventRecord>)[];

function toCsvLine(event: ListedEvent): string {
  const record = eventRecord(event);
  const cells = HEADINGS.map((name) => (name === 'changes' ? JSON.stringify(record.changes) : record[name]));
  return csvLine(cells.map((cell) => (cell === null ? null : printable(cell))));
}

/** As `printList` prints a record, but without a table: events are added to it as they happen. */
function line(event: ListedEvent): string {
  const { occurredAt, type, apiKeyId, actor } = event;
  const who = [actor.type, actor.name, actor.apiKeyId, actor.sourceAddress].filter((part) => part !== null).join(' ');
  const cells = [occurredAt.toISOString(), type, apiKeyId ?? '-', who, JSON.stringify(event.changes)].map(printable);
  if (!process.stdout.isTTY) return `${cells.join('\t')}\n`;
  return `${cells.map((cell, column) => cell.padEnd(WIDTHS[column] ?? 0)).join('  ')}\n`;
}
