import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { type Platform, type StartedHost, startEmbedded, startRemote } from '../testing/guarded-hosts.js';
import { guardContract } from './testing/index.js';

const MODES: [string, (platform: Platform) => Promise<StartedHost>][] = [
  ['that has its keys itself', startEmbedded],
  ['that asks a service', (platform) => startRemote(platform)],
  ['that asks a service for each request', (platform) => startRemote(platform, { maxStalenessSeconds: 0 })],
];

describe.each(MODES)('an application %s', (_mode, start) => {
  describe.each(['express', 'fastify'] as const)('on %s', (platform) => {
    let host: StartedHost;

    beforeAll(async () => {
      host = await start(platform);
    });

    afterAll(() => host.close());

    for (const { promise, run } of guardContract) it(promise, () => run(host));
  });
});
