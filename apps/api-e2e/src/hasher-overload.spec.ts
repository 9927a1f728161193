import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from './support/http.js';
import { Installation } from './support/installation.js';
import type { CreatedKey, Service } from './support/service.js';
import { partsOf, randomPart, wellFormed } from './support/tokens.js';

/** More than wait on any machine: 3 workers, 50 waiting for each. */
const FLOOD = 200;

const BUSY = {
  status: 503,
  headers: { 'retry-after': '1' },
  body: { error: 'service_unavailable', message: expect.any(String), retryable: true, retry_after: 1 },
};

describe('a flood of forged keys after a lost pepper (RL5)', () => {
  let service: Service;
  let key: CreatedKey;

  beforeAll(async () => {
    const installation = await Installation.create('sqlite');
    const before = await installation.start();
    key = await before.newKey(before.firstKey);
    await before.stop();
    await rm(join(installation.folder, 'data', 'peppers'));
    await installation.run(['migrate', '--accept-peppers']);
    service = await installation.start();
  });

  it('is refused as forged or as too much, and everything else goes on', async () => {
    const flood = Promise.all(Array.from({ length: FLOOD }, () => service.whoami(forged())));
    const slowest = await slowestHealth(flood);
    const answers = await flood;
    const busy = answers.filter(({ status }) => status !== 401);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy.length).toBeLessThan(FLOOD);
    for (const answer of busy) expect(answer).toMatchObject(BUSY);
    // One check takes 56 ms and up; all of them in a row would take 10 s.
    expect(slowest).toBeLessThan(2000);
    expect(service.output).not.toContain('"level":50');
    expect(await service.whoami(key.plain_text_key)).toMatchObject({ status: 200 });
  });

  const forged = (): string => wellFormed({ ...partsOf(key.plain_text_key), secret: randomPart(32) });

  /** The longest wait for /healthz while the flood is there, in milliseconds. */
  async function slowestHealth(flood: Promise<Answer[]>): Promise<number> {
    let [over, slowest] = [false, 0];
    void flood.finally(() => (over = true));
    while (!over) {
      const began = performance.now();
      expect(await service.send('/healthz')).toMatchObject({ status: 200 });
      slowest = Math.max(slowest, performance.now() - began);
    }
    return slowest;
  }
});
