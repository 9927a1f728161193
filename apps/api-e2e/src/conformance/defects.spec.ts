import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from '../support/installation.js';
import type { Service } from '../support/service.js';
import { SpoilingProxy } from '../support/spoiling-proxy.js';
import { DEFECTS } from './defects.js';
import { deviationsIn, runConformance } from './run-conformance.js';

describe('the conformance suite finds out a deployment that', () => {
  let service: Service;
  let proxy: SpoilingProxy;

  beforeAll(async () => {
    service = await (await Installation.create('sqlite')).start();
    proxy = await SpoilingProxy.start(service.url);
  });

  afterAll(() => proxy.close());

  const run = (group: string) =>
    runConformance('--base', proxy.url, '--key', service.firstKey, '--groups', group, '--verbose');

  it('has a defect, and not one that has none', async () => {
    const groups = new Set(Object.values(DEFECTS).map(({ group }) => group));
    proxy.defect = {};
    const { status, stdout } = await run([...groups].join());
    expect([status, stdout]).toEqual([0, expect.stringMatching(/ passed, 0 failed\n$/)]);
  });

  it.each(Object.entries(DEFECTS))('%s', async (_what, defect) => {
    proxy.defect = defect;
    const outcome = await run(defect.group);
    expect(outcome.status).toBe(1);
    expect(deviationsIn(outcome)).toEqual(expect.arrayContaining([...defect.found]));
    expect(outcome.stdout).not.toMatch(/fth_live_\w{9}/);
  });
});
