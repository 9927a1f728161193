import {
  ApiKey,
  NO_USAGE,
  type Organization,
  type OrganizationUsageReport,
  requestsOf,
  type UsageBucket,
  type UsageGranularity,
  type UsageTotals,
} from '@feather-identity/core';
import { ago } from './ago.js';
import { printable } from './printable.js';
import { aligned, type TerminalStyle } from './table.js';

/** The busiest keys that a terminal is shown. */
export const KEYS_SHOWN = 10;

/** Up to so many lines, buckets without requests have one, too. */
const MAX_LINES = 62;

const MAX_NAME = 30;
const MAX_BAR = 40;
const HOUR_MS = 3_600_000;

/** How many characters an instant has as far as it is the beginning of a bucket. */
const SHOWN: Readonly<Record<UsageGranularity, number>> = { hour: 16, day: 10, month: 7 };

/**
 * Usage on a terminal: what it is of, a bar for each bucket, and the busiest keys. The share of a bar that was refused is
 * drawn otherwise.
 */
export function usageChart(
  report: OrganizationUsageReport,
  of: ApiKey | Organization,
  keys: readonly (readonly [name: string, usage: UsageTotals])[],
  style: Omit<TerminalStyle, 'bold'>,
): string {
  const { granularity, totals, from, to } = report;
  const period = `${from.toISOString().slice(0, 16)} to ${to.toISOString().slice(0, 16)} UTC, by the ${granularity}`;
  const lines = [`${printable(of.name)}: ${period}`, sentenceOf(totals)];
  if (of instanceof ApiKey) lines.push(lastUse(of, style.now));
  if (requestsOf(totals) > 0) lines.push('', ...barsOf(report, style));
  if (keys.length > 0) lines.push('', ...keyLines(keys));
  return `${lines.join('\n')}\n`;
}

function sentenceOf(totals: UsageTotals): string {
  const reasons = [
    ['state', totals.refusedState],
    ['scope', totals.refusedScope],
    ['limit', totals.refusedLimit],
    ['address', totals.refusedAddress],
  ] as const;
  const refused = requestsOf(totals) - totals.accepted;
  const why = reasons.filter(([, count]) => count > 0).map(([reason, count]) => `${reason} ${counted(count)}`);
  return `${counted(totals.accepted)} accepted, ${counted(refused)} refused${why.length === 0 ? '' : ` (${why.join(', ')})`}`;
}

function lastUse({ lastUsedAt, lastUsedFrom }: ApiKey, now: Date): string {
  if (lastUsedAt === null) return 'never used';
  const { address = null, userAgent = null } = lastUsedFrom ?? {};
  const from = [address, userAgent].filter((part) => part !== null).map(printable);
  return `last used ${ago(lastUsedAt, now)}${from.length === 0 ? '' : ` from ${from.join(', ')}`}`;
}

function barsOf(report: OrganizationUsageReport, { width, unicode }: Omit<TerminalStyle, 'bold'>): string[] {
  const buckets = withEmptyOnes(report);
  const most = Math.max(...buckets.map(requestsOf));
  const rows = buckets.map((bucket) => [
    bucket.startsAt.toISOString().slice(0, SHOWN[report.granularity]).replace('T', ' '),
    counted(bucket.accepted),
    counted(requestsOf(bucket) - bucket.accepted),
  ]);
  const head = [report.granularity.toUpperCase(), 'ACCEPTED', 'REFUSED'];
  const [heading = '', ...lines] = aligned([head, ...rows], [1, 2]);
  const room = Math.max(0, Math.min(MAX_BAR, width - heading.length - 2));
  const [full, part] = unicode ? ['█', '░'] : ['#', '-'];
  return [
    heading,
    ...lines.map((line, index) => {
      const bucket = buckets[index] ?? NO_USAGE;
      const whole = Math.ceil((requestsOf(bucket) / most) * room);
      const refused = Math.ceil(((requestsOf(bucket) - bucket.accepted) / most) * room);
      return `${line}  ${full.repeat(whole - refused)}${part.repeat(refused)}`.trimEnd();
    }),
  ];
}

function withEmptyOnes({ from, to, granularity, buckets }: OrganizationUsageReport): readonly UsageBucket[] {
  const known = new Map(buckets.map((bucket) => [bucket.startsAt.getTime(), bucket]));
  const all: UsageBucket[] = [];
  for (let startsAt = from; startsAt < to; startsAt = next(startsAt, granularity)) {
    all.push(known.get(startsAt.getTime()) ?? { ...NO_USAGE, startsAt });
    if (all.length > MAX_LINES) return buckets;
  }
  return all;
}

function next(startsAt: Date, granularity: UsageGranularity): Date {
  if (granularity === 'month') return new Date(Date.UTC(startsAt.getUTCFullYear(), startsAt.getUTCMonth() + 1));
  return new Date(startsAt.getTime() + (granularity === 'day' ? 24 * HOUR_MS : HOUR_MS));
}

function keyLines(keys: readonly (readonly [name: string, usage: UsageTotals])[]): string[] {
  const rows = keys.map(([name, usage]) => [
    printable([...name].slice(0, MAX_NAME).join('')),
    counted(usage.accepted),
    counted(requestsOf(usage) - usage.accepted),
  ]);
  return aligned([['BUSIEST KEYS', 'ACCEPTED', 'REFUSED'], ...rows], [1, 2]);
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}
