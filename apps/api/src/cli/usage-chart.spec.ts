import { NO_USAGE, type OrganizationUsageReport, sumOf, type UsageTotals } from '@feather-identity/core';
import { anApiKey, anOrganization } from '@feather-identity/core/testing';
import { expect, it } from '@jest/globals';
import { usageChart } from './usage-chart.js';

const NOW = new Date('2026-12-05T10:00:00Z');
const STYLE = { width: 80, unicode: true, now: NOW };

function reportOf(
  granularity: OrganizationUsageReport['granularity'],
  from: string,
  counts: Record<string, UsageTotals>,
) {
  const buckets = Object.entries(counts).map(([start, usage]) => ({ ...usage, startsAt: new Date(start) }));
  return { from: new Date(from), to: NOW, granularity, totals: sumOf(buckets), buckets, keys: [] };
}

const report = reportOf('day', '2026-12-01T00:00:00Z', {
  '2026-12-02T00:00:00Z': { ...NO_USAGE, accepted: 1500, refusedScope: 500 },
  '2026-12-05T00:00:00Z': { ...NO_USAGE, accepted: 1 },
});

it('is a bar for each bucket, also for those without requests, and the busiest keys', () => {
  const keys = [
    ['deploy', { ...NO_USAGE, accepted: 1400, refusedScope: 500 }],
    ['CI', { ...NO_USAGE, accepted: 101 }],
  ] as const;
  expect(usageChart(report, anOrganization({ name: 'Acme' }), keys, STYLE)).toBe(`\
Acme: 2026-12-01T00:00 to 2026-12-05T10:00 UTC, by the day
1,501 accepted, 500 refused (scope 500)

DAY         ACCEPTED  REFUSED
2026-12-01         0        0
2026-12-02     1,500      500  ${'█'.repeat(30)}${'░'.repeat(10)}
2026-12-03         0        0
2026-12-04         0        0
2026-12-05         1        0  █

BUSIEST KEYS  ACCEPTED  REFUSED
deploy           1,400      500
CI                 101        0
`);
});

it('fits the terminal, in ASCII where it has no other letters', () => {
  const lines = usageChart(report, anOrganization(), [], { ...STYLE, width: 41, unicode: false }).split('\n');
  expect(lines).toContain('2026-12-02     1,500      500  #######---');
  expect(usageChart(report, anOrganization(), [], { ...STYLE, width: 10 })).toContain(
    '2026-12-02     1,500      500\n',
  );
});

it('leaves empty buckets out where there are too many, and has months', () => {
  const hours = reportOf('hour', '2026-11-05T00:00:00Z', { '2026-12-05T09:00:00Z': { ...NO_USAGE, accepted: 1 } });
  expect(usageChart(hours, anOrganization(), [], STYLE).split('\n').slice(3, -1)).toEqual([
    'HOUR              ACCEPTED  REFUSED',
    `2026-12-05 09:00         1        0  ${'█'.repeat(40)}`,
  ]);
  const months = reportOf('month', '2026-10-01T00:00:00Z', { '2026-11-01T00:00:00Z': { ...NO_USAGE, accepted: 1 } });
  expect(usageChart(months, anOrganization(), [], STYLE)).toMatch(/MONTH.*\n2026-10 .*\n2026-11 .*\n2026-12 .*\n$/);
});

it('says of a key when and from where it was last used, and nothing hostile to a terminal', () => {
  const empty = reportOf('day', '2026-12-01T00:00:00Z', {});
  const hostile = { address: '203.0.113.7', userAgent: 'curl\u001b[2J\u202e\nx' };
  const key = anApiKey({
    name: 'a\u001b]0;x\u0007',
    lastUsedAt: new Date('2026-12-05T09:55:00Z'),
    lastUsedFrom: hostile,
  });
  expect(usageChart(empty, key, [], STYLE).split('\n')).toEqual([
    'a\\u{1b}]0;x\\u{7}: 2026-12-01T00:00 to 2026-12-05T10:00 UTC, by the day',
    '0 accepted, 0 refused',
    'last used 5m ago from 203.0.113.7, curl\\u{1b}[2J\\u{202e}\\u{a}x',
    '',
  ]);
  expect(usageChart(empty, anApiKey(), [], STYLE)).toContain('\nnever used\n');
  expect(usageChart(report, anOrganization(), [['\u001b[31mred', NO_USAGE]], STYLE)).toContain('\\u{1b}[31mred');
});
