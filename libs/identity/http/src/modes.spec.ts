// One file for Jest, which loads NestJS anew for each.
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import './authentication/class-access.cases.js';
import './authentication/closed-routes.cases.js';
import './authentication/key-environments.cases.js';
import './authentication/key-location.cases.js';
import './authentication/key-tracker.cases.js';
import './authentication/mixed-routes.cases.js';
import './versioned-hosts.cases.js';
import type { AuthenticationLimits } from './index.js';
import { type StartedHost, startEmbedded, startRemote } from '../testing/guarded-hosts.js';
import { guardContract, guardLimitContract, guardLimits } from './testing/index.js';

type Start = (limits: AuthenticationLimits) => Promise<StartedHost>;

/** One application of each kind. On both platforms, and on databases, `guard-conformance.spec` of the service runs them. */
const MODES: [string, Start][] = [
  ['on express that has its keys itself', (limits) => startEmbedded('express', limits)],
  [
    'on fastify that asks a service for each request',
    (limits) => startRemote('fastify', { maxStalenessSeconds: 0, ...limits }),
  ],
];

const CONTRACTS = [
  ['', guardContract, {}],
  [' with limits', guardLimitContract, guardLimits],
] as const;

describe.each(MODES)('an application %s', (_mode, start) => {
  describe.each(CONTRACTS)('%s', (_what, contract, limits) => {
    let host: StartedHost;

    beforeAll(async () => {
      host = await start(limits);
    });

    afterAll(() => host.close());

    for (const { promise, run } of contract) it(promise, () => run(host));
  });
});
