import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { guardContract, guardLimitContract, guardLimits } from '@feather-identity/http/testing';
import { DATABASES, type DatabaseType } from '../testing/databases.js';
import { ContractRun } from '../testing/guarded/contract-run.js';
import { startEmbedded } from '../testing/guarded/embedded-host.js';
import { type Platform, PLATFORMS } from '../testing/guarded/platforms.js';
import { startRemote } from '../testing/guarded/remote-host.js';
import type { StartedHost } from '../testing/guarded/started-host.js';

// A case may wait for all that are before it, and so does the end, even where one case alone was asked for.
jest.setTimeout(240_000);

type Limits = Partial<typeof guardLimits>;

const MODES: Record<string, (type: DatabaseType, platform: Platform, limits: Limits) => Promise<StartedHost>> = {
  'has its keys there itself': (...host) => startEmbedded(...host, process.env),
  'asks a service with keys there': (type, platform, limits) =>
    startRemote(type, platform, { maxStalenessSeconds: 0.5, ...limits }, process.env),
};

/** Each mode on each database and on each platform. */
const HOSTS = DATABASES.flatMap((type, at) =>
  Object.keys(MODES).map((mode, next) => ({ type, mode, platform: PLATFORMS[(at + next) % PLATFORMS.length]! })),
);

const RUNS = HOSTS.flatMap(({ type, mode, platform }) => {
  const start = MODES[mode]!;
  const title = `on ${type}: an application on ${platform} that ${mode}`;
  return [
    new ContractRun(title, guardContract, () => start(type, platform, {})),
    new ContractRun(`${title}, with limits`, guardLimitContract, () => start(type, platform, guardLimits)),
  ];
});

beforeAll(() => {
  for (const run of RUNS) run.begin();
});

afterAll(() => Promise.all(RUNS.map((run) => run.close())));

describe.each(RUNS)('$title', (run) => {
  for (const [index, { promise }] of run.cases.entries()) it(promise, () => run.outcomeOf(index));
});
