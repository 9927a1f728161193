import { afterAll, beforeAll, describe, it } from '@jest/globals';
import './authentication/key-location.cases.js';
import './authentication/mixed-routes.cases.js';
import type { AuthenticationLimits } from './index.js';
import { type Platform, type StartedHost, startEmbedded, startRemote } from '../testing/guarded-hosts.js';
import { guardContract, guardLimitContract, guardLimits } from './testing/index.js';

type Start = (platform: Platform, limits?: AuthenticationLimits) => Promise<StartedHost>;

/** How long an answer is believed is nothing that a platform could change: one of them shows it. */
const MODES: [string, readonly Platform[], Start][] = [
  ['that has its keys itself', ['express', 'fastify'], startEmbedded],
  ['that asks a service', ['express', 'fastify'], startRemote],
  [
    'that asks a service for each request',
    ['fastify'],
    (platform, limits) => startRemote(platform, { maxStalenessSeconds: 0, ...limits }),
  ],
];

const CONTRACTS = [
  ['', guardContract, {}],
  [' with limits', guardLimitContract, guardLimits],
] as const;

describe.each(MODES)('an application %s', (_mode, platforms, start) => {
  describe.each(platforms)('on %s', (platform) => {
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
