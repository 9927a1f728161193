import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { AuthenticationLimits } from './index.js';
import { type Platform, type StartedHost, startEmbedded, startRemote } from '../testing/guarded-hosts.js';
import { guardContract, guardLimitContract, guardLimits } from './testing/index.js';

const MODES: [string, (platform: Platform, limits?: AuthenticationLimits) => Promise<StartedHost>][] = [
  ['that has its keys itself', startEmbedded],
  ['that asks a service', startRemote],
  [
    'that asks a service for each request',
    (platform, limits) => startRemote(platform, { maxStalenessSeconds: 0, ...limits }),
  ],
];

const CONTRACTS = [
  ['', guardContract, {}],
  [' with limits', guardLimitContract, guardLimits],
] as const;

describe.each(MODES)('an application %s', (_mode, start) => {
  describe.each(['express', 'fastify'] as const)('on %s', (platform) => {
    describe.each(CONTRACTS)('%s', (_what, contract, limits) => {
      let host: StartedHost;

      beforeAll(async () => {
        host = await start(platform, limits);
      });

      afterAll(() => host.close());

      for (const { promise, run } of contract) it(promise, () => run(host));
    });
  });
});
