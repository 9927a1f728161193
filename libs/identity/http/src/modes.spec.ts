// One file for Jest, which loads NestJS anew for each.
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import './authentication/class-access.cases.js';
import './authentication/closed-routes.cases.js';
import './authentication/key-environments.cases.js';
import './authentication/key-location.cases.js';
import './authentication/key-tracker.cases.js';
import './authentication/mixed-routes.cases.js';
import './versioned-hosts.cases.js';
import { type StartedHost, startEmbedded } from '../testing/guarded-hosts.js';
import { guardContract, guardLimitContract, guardLimits } from './testing/index.js';

const CONTRACTS = [
  ['', guardContract, {}],
  [' with limits', guardLimitContract, guardLimits],
] as const;

// `guard-conformance.spec` of the service runs them on both platforms, in both modes and on databases.
describe.each(CONTRACTS)('an application on express that has its keys itself%s', (_what, contract, limits) => {
  let host: StartedHost;

  beforeAll(async () => {
    host = await startEmbedded('express', limits);
  });

  afterAll(() => host.close());

  for (const { promise, run } of contract) it(promise, () => run(host));
});
