import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { Installation } from './support/installation.js';
import type { Service } from './support/service.js';
import { WORKSPACE } from './support/workspace.js';

/** The seconds that the service takes for requests that are still running, after its grace. */
const DRAIN_SECONDS = 10;
/** Variables of the service that are no settings: the place of the others, and where Linux finds programs. */
const NO_SETTINGS = ['FEATHER_ENV_FILE', 'PATH'];

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly environment: Readonly<Record<string, string>>;
        readonly secrets: readonly string[];
        readonly stop_grace_period: string;
        readonly read_only: boolean;
        readonly cap_drop: readonly string[];
        readonly networks: { readonly default: { readonly ipv4_address: string } };
      }
    >
  >;
  readonly secrets: Readonly<Record<string, unknown>>;
}

interface Deployment {
  readonly spec: {
    readonly selector: { readonly matchLabels: unknown };
    readonly template: {
      readonly metadata: { readonly labels: unknown };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: {
          readonly runAsNonRoot: boolean;
          readonly runAsUser: number;
          readonly fsGroup: number;
        };
        readonly containers: readonly [
          {
            readonly env: readonly { readonly name: string; readonly value: string }[];
            readonly ports: readonly [{ readonly name: string; readonly containerPort: number }];
            readonly startupProbe: Probe;
            readonly livenessProbe: Probe;
            readonly readinessProbe: Probe;
            readonly securityContext: object;
            readonly volumeMounts: readonly [{ readonly name: string; readonly mountPath: string }];
          },
        ];
        readonly volumes: readonly [{ readonly name: string; readonly secret: { readonly secretName: string } }];
      };
    };
  };
}

interface Selecting {
  readonly spec: { readonly selector: unknown; readonly ports?: readonly { readonly targetPort: string }[] };
}

const read = (path: string): Promise<string> => readFile(join(WORKSPACE, path), 'utf8');

let service: Service;
/** The default of each setting, as `feather doctor` shows it. */
let defaults: Map<string, string | null>;
let dockerfile: string;
let compose: Compose;
let deployment: Deployment;
/** The values of each directive of the unit for systemd. */
let unit: Map<string, string[]>;

beforeAll(async () => {
  const installation = await Installation.create('sqlite');
  service = await installation.start();
  const { stdout } = await installation.run(['doctor', '--json']);
  const { settings } = JSON.parse(stdout) as { settings: { name: string; value: string | null }[] };
  defaults = new Map(settings.map(({ name, value }) => [name, value]));
  dockerfile = await read('Dockerfile');
  compose = parse(await read('compose.yaml'), { merge: true }) as Compose;
  deployment = parse(await read('deploy/kubernetes/deployment.yaml')) as Deployment;
  unit = directives(await read('deploy/systemd/feather-identity.service'));
});

const fromImage = (pattern: RegExp): string => pattern.exec(dockerfile)?.[1] ?? '';
const instances = () => Object.entries(compose.services).filter(([name]) => name.startsWith('feather-'));
const pod = () => deployment.spec.template.spec;
const container = () => pod().containers[0];
const graceSeconds = () => Number(defaults.get('SHUTDOWN_GRACE_SECONDS'));

describe('the image, compose.yaml, the manifests and the unit', () => {
  it('set only what is a setting', () => {
    const names = [
      ...[...dockerfile.matchAll(/^ENV (.+)$/gm)].slice(1).flatMap(([, line = '']) => line.split(' ').map(nameOf)),
      ...instances().flatMap(([, { environment }]) => Object.keys(environment)),
      ...container().env.map(({ name }) => name),
      ...(unit.get('Environment') ?? []).map(nameOf),
    ];
    expect(names.length).toBeGreaterThan(9);
    expect(names.filter((name) => !defaults.has(name) && !NO_SETTINGS.includes(name))).toEqual([]);
  });

  it('mount each file that they name', () => {
    const { mountPath, name } = container().volumeMounts[0];
    const mounted = [
      ...instances().map(
        ([, each]) => [each.environment, each.secrets.map((secret) => `/run/secrets/${secret}`)] as const,
      ),
      [
        Object.fromEntries(container().env.map((each) => [each.name, each.value])),
        ['feather.env', 'peppers'].map((key) => `${mountPath}/${key}`),
      ] as const,
      [
        Object.fromEntries((unit.get('Environment') ?? []).map((line) => line.split('='))) as Record<string, string>,
        (unit.get('LoadCredential') ?? []).map((line) => `%d/${line.split(':')[0]}`),
      ] as const,
    ];
    expect(mounted).toHaveLength(4);
    for (const [settings, files] of mounted) {
      const named = Object.entries(settings).filter(([setting]) => setting.endsWith('_FILE'));
      expect(files).toEqual(expect.arrayContaining(named.map(([, path]) => path)));
    }
    expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining(instances()[0]?.[1].secrets.slice() ?? []));
    expect(pod().volumes.map((volume) => volume.name)).toEqual([name]);
  });

  it('start what `npm start` starts, without root', async () => {
    const scripts = (JSON.parse(await read('package.json')) as { scripts: Record<string, string> }).scripts;
    const command = scripts['start']?.replace(/^exec /, '');
    const words = JSON.parse(fromImage(/^CMD (.+)$/m)) as string[];
    expect(`node ${words.join(' ')}`).toBe(command);
    expect(unit.get('ExecStart')).toEqual([`/usr/bin/${command}`]);
    expect(unit.get('User')).toEqual(['feather']);
    const { runAsNonRoot, runAsUser, fsGroup } = pod().securityContext;
    expect([runAsNonRoot, `${runAsUser}:${fsGroup}`]).toEqual([true, fromImage(/^USER (.+)$/m)]);
  });

  it('are built with every workspace of the lock file', async () => {
    const { workspaces } = JSON.parse(await read('package.json')) as { workspaces: string[] };
    const folders = new Set(workspaces.map((pattern) => `!${pattern.split('/')[0]}`));
    expect((await read('.dockerignore')).split('\n')).toEqual(expect.arrayContaining([...folders]));
  });

  it('cannot write where they run, and have no rights beyond', () => {
    for (const [, { read_only, cap_drop }] of instances()) expect([read_only, cap_drop]).toEqual([true, ['ALL']]);
    expect(container().securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    for (const name of ['ProtectSystem', 'NoNewPrivileges', 'CapabilityBoundingSet']) expect(unit.has(name)).toBe(true);
  });

  it('ask for paths and ports that the service has', async () => {
    const { startupProbe, livenessProbe, readinessProbe, ports } = container();
    const probes = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet);
    const paths = [...probes.map(({ path }) => path), fromImage(/^HEALTHCHECK .*}(\/\w+)`/m)];
    expect(paths).toEqual(['/healthz', '/healthz', '/readyz', '/healthz']);
    for (const path of paths) expect(await service.send(path)).toMatchObject({ status: 200 });
    expect(new Set(probes.map(({ port }) => port))).toEqual(new Set([ports[0].name]));
    const port = defaults.get('PORT');
    // The default of `feather doctor`: the service itself has a port of the test's.
    expect([fromImage(/^EXPOSE (\d+)/m), fromImage(/PORT \|\| (\d+)/), String(ports[0].containerPort)]).toEqual([
      port,
      port,
      port,
    ]);
  });

  it('wait longer for the end than the service takes', () => {
    const waits = [
      pod().terminationGracePeriodSeconds,
      ...instances().map(([, each]) => Number.parseInt(each.stop_grace_period, 10)),
      ...(unit.get('TimeoutStopSec') ?? []).map(Number),
    ];
    expect(waits).toHaveLength(4);
    expect(Math.min(...waits)).toBeGreaterThan(graceSeconds() + DRAIN_SECONDS);
  });

  it('are on one version of Node.js', async () => {
    const version = (await read('.nvmrc')).trim();
    const images = [...dockerfile.matchAll(/^FROM \S*?(?:node:|nodejs)(\d+)-(?:debian13|trixie)/gm)];
    expect(images.map(([, major]) => major)).toEqual([version, version]);
  });

  it('select the pods of the deployment', async () => {
    const { labels } = deployment.spec.template.metadata;
    expect(deployment.spec.selector.matchLabels).toEqual(labels);
    const service = parse(await read('deploy/kubernetes/service.yaml')) as Selecting;
    const budget = parse(await read('deploy/kubernetes/disruption-budget.yaml')) as Selecting;
    expect([service.spec.selector, budget.spec.selector]).toEqual([labels, { matchLabels: labels }]);
    expect(service.spec.ports?.map(({ targetPort }) => targetPort)).toEqual([container().ports[0].name]);
  });
});

it('nginx of compose.yaml is the documented one, before the instances that there are', async () => {
  const addresses = instances().map(([, { networks }]) => `${networks.default.ipv4_address}:${defaults.get('PORT')}`);
  const own = withoutComments(await read('deploy/compose/nginx.conf'));
  const documented = withoutComments(await read('docs/gateways/two-instances.conf'))
    .replace('127.0.0.1:8001', addresses[0] ?? '')
    .replace('127.0.0.1:8002', addresses[1] ?? '')
    .replace('127.0.0.1:8080', '8080')
    .replace('pid nginx.pid', 'pid /tmp/nginx.pid')
    .replace('error.log', '/dev/stderr')
    .replace('access.log', '/dev/stdout')
    .replaceAll(/(_temp_path) /g, '$1 /tmp/');
  expect(own).toBe(documented);
  const { environment } = compose.services['feather-1'] ?? {};
  expect(environment?.['TRUSTED_PROXIES']).toBe(compose.services['nginx']?.networks.default.ipv4_address);
});

function nameOf(assignment: string): string {
  return assignment.split('=')[0] ?? '';
}

function directives(text: string): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const [, name = '', value = ''] of text.matchAll(/^(\w+)=(.*)$/gm)) {
    all.set(name, [...(all.get(name) ?? []), value]);
  }
  return all;
}

function withoutComments(configuration: string): string {
  const lines = configuration.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#')).join('\n');
}
