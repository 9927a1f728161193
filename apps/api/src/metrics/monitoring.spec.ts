import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { emptyDatabase } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import { send, WHOAMI } from '../../testing/requests.js';
import { createTenant, type Service, startServiceIn } from '../../testing/service.js';
import { OUTCOMES } from './request-metrics.js';

const FOLDER = fileURLToPath(new URL('../../../../docs/monitoring/', import.meta.url));
const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;

/** Labels that Prometheus adds to what it scrapes, and that a histogram has. */
const OF_PROMETHEUS = ['job', 'instance', 'le'];
/** The metric that Prometheus has of each target. */
const UP = 'up';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

const read = (file: string) => readFileSync(FOLDER + file, 'utf8');
const { groups } = parse(read('alerts.yml')) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(read('grafana-dashboard.json')) as Dashboard;
const targets = dashboard.panels.flatMap((panel) => panel.targets ?? []);

/** All that an expression of PromQL names. */
function named(expression: string) {
  const plain = expression.replace(/"[^"]*"/g, '""');
  const selectors = [...plain.matchAll(/([a-z_]\w*)(?:\{([^}]*)\})/g)];
  const grouped = [...plain.matchAll(/\b(?:by|without) \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(','));
  return {
    metrics: selectors.map(([, name = '']) => name),
    labels: [
      ...selectors.flatMap(([, , matchers = '']) => matchers.split(',').map((each) => each.split(/[=!~]/)[0] ?? '')),
      ...grouped,
    ].map((label) => label.trim()),
    outcomes: [...expression.matchAll(/outcome=~?"([^"]*)"/g)].flatMap(([, value = '']) => value.split('|')),
    brackets: (plain.match(/[({[]/g) ?? []).length - (plain.match(/[)}\]]/g) ?? []).length,
  };
}

describe('the files for Prometheus and Grafana', () => {
  let service: Service;
  const names = new Set([UP]);
  const labels = new Set(OF_PROMETHEUS);
  const outcomes = new Set<string>(OUTCOMES);

  beforeAll(async () => {
    const database = await emptyDatabase('sqlite', {});
    service = await startServiceIn(
      environment({
        DATABASE_URL: database,
        METRICS: 'on',
        METRICS_BY_KEY: 'on',
        RATE_LIMIT_STORE: 'redis://127.0.0.1:1',
      }),
    );
    const { key } = await createTenant(service);
    await send(service, 'GET', WHOAMI, { key });
    const { text } = await send(service, 'GET', '/metrics');
    for (const [, name = '', list = ''] of text.matchAll(/^([a-z_]\w*)(?:\{(.*)\})? /gm)) {
      names.add(name);
      for (const [, label = '', value = ''] of list.matchAll(/(\w+)="([^"]*)"/g)) {
        labels.add(label);
        if (label === 'outcome') outcomes.add(value);
      }
    }
  });

  afterAll(() => service.close());

  it.each([
    ...rules.map(({ alert, expr }) => [alert, expr] as const),
    ...targets.map(({ expr }, index) => [`target ${index} of the dashboard`, expr] as const),
  ])('name only metrics, labels and outcomes that the service has: %s', (_name, expr) => {
    const { metrics, labels: used, outcomes: wanted, brackets } = named(expr);
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.filter((metric) => !names.has(metric))).toEqual([]);
    expect(used.filter((label) => !labels.has(label))).toEqual([]);
    expect(wanted.filter((outcome) => !outcomes.has(outcome))).toEqual([]);
    expect(brackets).toBe(0);
  });

  it('have alerts that say how grave they are and what to do, and docs that explain each', () => {
    const docs = readFileSync(new URL('../../../../docs/operating/monitoring.md', import.meta.url), 'utf8');
    expect(groups.map(({ name }) => name)).toEqual(['feather-identity']);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, labels: { severity } = {}, annotations, ...rest } of rules) {
      expect(alert).toMatch(/^Feather[A-Z]\w+$/);
      expect(['critical', 'warning']).toContain(severity);
      expect(Object.keys(annotations)).toEqual(['summary', 'description']);
      expect(rest.for ?? '1m').toMatch(/^\d+m$/);
      expect(docs).toContain(`\`${alert}\``);
    }
    const tested = read('alerts.test.yml');
    for (const { alert } of rules) expect(tested).toContain(`{alertname="${alert}"}`);
  });

  it('have a dashboard whose panels have a title, a description and a place of their own', () => {
    const { panels, uid, title, schemaVersion, templating } = dashboard;
    expect([uid, title, schemaVersion]).toEqual(['feather-identity', 'Feather Identity', 39]);
    expect(templating.list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance']);
    for (const { definition = 'label_values(up, job)' } of templating.list) {
      expect(names.has(/label_values\((\w+)/.exec(definition)?.[1] ?? '')).toBe(true);
    }
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { type, title: heading, description, datasource, gridPos, targets: asked } of panels) {
      expect(heading).not.toBe('');
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect([heading, x < 24, taken.has(`${x},${y}`)]).toEqual([heading, true, false]);
          taken.add(`${x},${y}`);
        }
      }
      if (type === 'row') continue;
      expect([description === undefined, datasource]).toEqual([false, { type: 'prometheus', uid: '${datasource}' }]);
      expect(asked?.map(({ refId }) => refId)).toEqual(['A', 'B', 'C', 'D', 'E'].slice(0, asked?.length));
    }
  });

  // Where Prometheus is installed (Debian: prometheus, 19 MB).
  (hasPromtool ? it.each : it.skip.each)([
    ['check', 'rules', 'alerts.yml'],
    ['test', 'rules', 'alerts.test.yml'],
  ])('satisfy promtool %s %s', (verb, what, file) => {
    const { status, stderr } = spawnSync('promtool', [verb, what, FOLDER + file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
