import {
  MAX_USAGE_DAYS,
  type OrganizationUsageReport,
  type UsageBucket,
  type UsageGranularity,
  type UsageTotals,
} from '@feather-identity/core';
import { csvLine } from '@feather-identity/shared-http';
import { Command, Option } from 'commander';
import { isUnicodeTerminal } from '../environment/called-as.js';
import { writeOut } from '../standard-output.js';
import { type Moment, moment, organizationOption, untilMoment, withExamples, withJson } from './options.js';
import { findKey, findOrganization } from './references.js';
import { withSession } from './session.js';
import { UsageError } from './usage-error.js';
import { KEYS_SHOWN, usageChart } from './usage-chart.js';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;

const BY: readonly UsageGranularity[] = ['hour', 'day', 'month'];

interface UsageOptions {
  readonly organization?: string;
  readonly by: UsageGranularity;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** `usage [key]`. */
export function usageCommand(): Command {
  const command = withJson(new Command('usage'))
    .description('show how often the keys of an organization, or one key, were used, and how the requests ended')
    .argument('[key]', 'only this key: its id, the beginning of its id, or its name (default: all keys)')
    .addOption(organizationOption())
    .addOption(new Option('--by <length>', 'by the hour, day or month, in UTC').choices(BY).default('day'))
    .addOption(
      new Option('--since <when>', 'from this time on: 24h, or 2030-01-31T12:00:00Z (default: 30d)').argParser(moment),
    )
    .addOption(
      new Option(
        '--until <when>',
        'up to this time: 24h for 24 hours ago, or 2030-01-31T12:00:00Z (default: now)',
      ).argParser(moment),
    )
    .addOption(new Option('--csv', 'print CSV with a line of headings').conflicts('json'))
    .action(showUsage);
  return withExamples(command, 'usage', 'usage deploy --by hour --since 24h', 'usage --since 400d --csv');
}

function showUsage(given: string | undefined, { organization, by, since, until, json, csv }: UsageOptions) {
  return withSession(async ({ identity }) => {
    const owner = await findOrganization(identity, organization);
    const apiKey = given === undefined ? undefined : await findKey(identity, owner, given, { includeRevoked: true });
    const now = identity.clock.now();
    const to = until === undefined ? now : ago(until, now);
    const from = since === undefined ? new Date(to.getTime() - DEFAULT_DAYS * DAY_MS) : ago(since, now);
    assertRange(from, to, by);
    const apiKeyIds = apiKey && [apiKey.id];
    const report = await identity.readUsage.execute(owner.id, { from, to, granularity: by, apiKeyIds });
    if (json === true) return writeOut(`${JSON.stringify(usageRecord(report))}\n`);
    if (csv === true) return writeOut(csvOf(report.buckets));
    if (!process.stdout.isTTY)
      return writeOut(report.buckets.map((bucket) => `${cellsOf(bucket).join('\t')}\n`).join(''));
    const keys: [name: string, usage: UsageTotals][] = [];
    for (const usage of report.keys.slice(0, KEYS_SHOWN)) {
      const details = await identity.apiKeys.find(owner.id, usage.apiKeyId);
      keys.push([details?.apiKey.name ?? usage.apiKeyId, usage]);
    }
    const style = { width: process.stdout.columns, unicode: isUnicodeTerminal(), now };
    return writeOut(usageChart(report, apiKey ?? owner, apiKey === undefined ? keys : [], style));
  });
}

/** A duration counts back from now. */
function ago(given: Moment, now: Date): Date {
  return typeof given === 'number' ? untilMoment(-given, now) : given;
}

function assertRange(from: Date, to: Date, by: UsageGranularity): void {
  const most = MAX_USAGE_DAYS[by];
  if (from >= to) throw new UsageError('--since must lie before --until.');
  if (to.getTime() - from.getTime() > most * DAY_MS) {
    throw new UsageError(`Usage by the ${by} is shown for at most ${most} days.`);
  }
}

const OUTCOMES = ['accepted', 'refused_state', 'refused_scope', 'refused_limit', 'refused_address'] as const;

/** The fields of totals: those of the API. */
function totalsRecord(usage: UsageTotals) {
  return {
    accepted: usage.accepted,
    refused_state: usage.refusedState,
    refused_scope: usage.refusedScope,
    refused_limit: usage.refusedLimit,
    refused_address: usage.refusedAddress,
  };
}

function usageRecord({ from, to, granularity, totals, buckets, keys }: OrganizationUsageReport) {
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    granularity,
    totals: totalsRecord(totals),
    buckets: buckets.map((bucket) => ({ starts_at: bucket.startsAt.toISOString(), ...totalsRecord(bucket) })),
    keys: keys.map((key) => ({ api_key_id: key.apiKeyId, ...totalsRecord(key) })),
  };
}

function cellsOf(bucket: UsageBucket): string[] {
  const totals = totalsRecord(bucket);
  return [bucket.startsAt.toISOString(), ...OUTCOMES.map((outcome) => String(totals[outcome]))];
}

function csvOf(buckets: readonly UsageBucket[]): string {
  return csvLine(['starts_at', ...OUTCOMES]) + buckets.map((bucket) => csvLine(cellsOf(bucket))).join('');
}
