import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from './support/http.js';
import { Installation, WITHOUT_BCRYPT } from './support/installation.js';
import { OwnRedis } from './support/redis.js';
import type { Service } from './support/service.js';

const LIMIT = 60;

/** Lets all of a process see a time so many milliseconds away. */
const SHIFT = `
  const Real = Date;
  const shift = Number(process.env.SHIFT_MS);
  globalThis.Date = class Date extends Real {
    constructor(...given) {
      super(...(given.length === 0 ? [Real.now() + shift] : given));
    }
    static now() {
      return Real.now() + shift;
    }
  };
`;

const LOST = /"msg":"Each instance counts for itself, and limits hold for each alone: [^"]*"/g;
const FOUND = /"msg":"Limits are counted over all instances again."/g;

describe('RATE_LIMIT_STORE', () => {
  let redis: OwnRedis;
  let installation: Installation;
  let services: Service[];
  let settings: Readonly<Record<string, string>>;
  let key: string;

  beforeAll(async () => {
    redis = await OwnRedis.start();
    installation = await Installation.create('sqlite', WITHOUT_BCRYPT);
    settings = {
      RATE_LIMIT_STORE_FILE: await installation.write('store', `${redis.url}\n`),
      ORGANIZATION_RATE_LIMIT_PER_MINUTE: String(LIMIT),
      FAILED_AUTHENTICATIONS_PER_MINUTE: '4',
      METRICS: 'on',
      NODE_OPTIONS: `--require ${await installation.write('shift.cjs', SHIFT)}`,
    };
    const start = (shift: number) => installation.start({ ...settings, SHIFT_MS: String(shift) });
    services = [await start(0)];
    key = services[0]!.firstKey;
    services.push(...(await Promise.all([start(60_000), start(-60_000)])));
  });

  afterAll(() => redis.kill());

  /** Statuses of so many requests at once, to these instances in turn; null for one without an answer. */
  const burst = (requests: number, of: readonly Service[]) =>
    Promise.all(
      Array.from({ length: requests }, (_, index) =>
        of[index % of.length]!.whoami(key).then(
          ({ status }: Answer) => status,
          () => null,
        ),
      ),
    );
  const count = (statuses: readonly (number | null)[], status: number | null) =>
    statuses.filter((each) => each === status).length;
  const lines = (service: Service, line: RegExp) => (service.output.match(line) ?? []).length;

  it('gives an organization its limit once over three instances, whose clocks are a minute apart', async () => {
    const statuses = await burst(3 * LIMIT, services);
    expect([count(statuses, 200), count(statuses, 429)]).toEqual([LIMIT, 2 * LIMIT]);
    const { headers } = await services[1]!.whoami(key);
    expect(headers.ratelimit).toMatch(/^"organization";r=0;t=(?:60|5\d)$/);
  });

  it('throttles an address over all instances', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1)
      statuses.push((await services[attempt % 3]!.whoami('junk')).status);
    expect(statuses).toEqual([401, 401, 401, 401, 429, 429, 429]);
  });

  it('gives no more when an instance is killed in the middle', async () => {
    // A new server knows of no request.
    await redis.kill();
    await redis.restart();
    const { key: other } = { key };
    expect(other).toBe(key);
  });
});
