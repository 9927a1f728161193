import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganization } from './support/command-line.js';
import type { Settings } from './support/child.js';
import type { Answer } from './support/http.js';
import { Installation, WITHOUT_BCRYPT } from './support/installation.js';
import { makeCertificates, OwnRedis } from './support/redis.js';
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

const LOST = /"msg":"Each instance counts for itself/g;
const FOUND = /"msg":"Limits are counted over all instances again\."/;

describe('RATE_LIMIT_STORE', () => {
  let redis: OwnRedis;
  let installation: Installation;
  let services: Service[];
  let settings: Settings;

  beforeAll(async () => {
    redis = await OwnRedis.start();
    installation = await Installation.create('sqlite', WITHOUT_BCRYPT);
    settings = {
      RATE_LIMIT_STORE_FILE: await installation.write('store', `${redis.url}\n`),
      ORGANIZATION_RATE_LIMIT_PER_MINUTE: String(LIMIT),
      FAILED_AUTHENTICATIONS_PER_MINUTE: '4',
      METRICS: 'on',
      // However busy this machine is, an answer comes.
      RATE_LIMIT_STORE_TIMEOUT_MS: '10000',
    };
    const NODE_OPTIONS = `--require ${await installation.write('shift.cjs', SHIFT)}`;
    const start = (shift: number) => installation.start({ ...settings, NODE_OPTIONS, SHIFT_MS: String(shift) });
    services = [await start(0)];
    services.push(...(await Promise.all([start(60_000), start(-60_000)])));
  });

  afterAll(() => redis.kill());

  /** Statuses of so many requests at once, to these instances in turn; null for one without an answer. */
  const burst = (requests: number, of: readonly Service[], key: string) =>
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

  /** A new organization, which has made no request. */
  const newKey = async () => (await createOrganization(installation, 'New')).plain_text_key;

  it('gives an organization its limit once over three instances, whose clocks are a minute apart', async () => {
    const key = await newKey();
    const statuses = await burst(3 * LIMIT, services, key);
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

  it('gives no more when an instance is killed in the middle, and the others go on', async () => {
    const answered = burst(3 * LIMIT, services, await newKey());
    await services.pop()?.kill();
    const statuses = await answered;
    expect(count(statuses, 200)).toBeLessThanOrEqual(LIMIT);
    expect(count(statuses, 200) + count(statuses, null)).toBeGreaterThanOrEqual(LIMIT);
    expect(count(statuses, 200) + count(statuses, null) + count(statuses, 429)).toBe(3 * LIMIT);
    expect(count(await burst(2 * LIMIT, services, await newKey()), 200)).toBe(LIMIT);
  });

  it('lets each instance count for itself while it is away, also one that starts, and says so once', async () => {
    const key = await newKey();
    await redis.kill();
    services.push(await installation.start({ ...settings, RATE_LIMIT_STORE_TIMEOUT_MS: '50' }));
    expect(count(await burst(3 * LIMIT, services, key), 200)).toBe(3 * LIMIT);
    expect(count(await burst(3 * LIMIT, services, key), 429)).toBe(3 * LIMIT);
    expect((await services[0]!.send('/metrics')).text).toMatch(/\bfeather_rate_limit_store_reachable 0\b/);
    const { status, stdout } = await installation.run(['doctor'], settings);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^problem +limits +RATE_LIMIT_STORE, redis:\/\/127\.0\.0\.1:\d+\/0: Redis cannot be reached/m,
    );
    await redis.restart();
    for (const service of services) await service.loggedLine(FOUND);
    for (const { output } of services) {
      expect([...output.matchAll(LOST)]).toHaveLength(1);
      expect(output).not.toContain(OwnRedis.password);
    }
    expect(stdout).not.toContain(OwnRedis.password);
    expect(count(await burst(2 * LIMIT, services.slice(0, 2), await newKey()), 200)).toBe(LIMIT);
    expect((await installation.run(['doctor'], settings)).stdout).toMatch(/^ok +limits +.* counts for all instances$/m);
  });

  it('may be behind TLS, with a certificate of an authority that Node.js knows and no other', async () => {
    const certificates = await makeCertificates(installation.folder);
    const encrypted = await OwnRedis.start(certificates);
    const RATE_LIMIT_STORE = encrypted.url.replace('127.0.0.1', 'localhost');
    const NODE_EXTRA_CA_CERTS = certificates.authority;
    // In processes of their own: Node.js reads certificates once.
    const doctor = async (store: Settings) =>
      (await installation.runProgram(['doctor'], { RATE_LIMIT_STORE_TIMEOUT_MS: '10000', ...store })).stdout;
    const [known, unknown, elsewhere] = await Promise.all([
      doctor({ RATE_LIMIT_STORE, NODE_EXTRA_CA_CERTS }),
      doctor({ RATE_LIMIT_STORE }),
      doctor({ RATE_LIMIT_STORE: encrypted.url, NODE_EXTRA_CA_CERTS }),
    ]);
    await encrypted.kill();
    expect(known).toMatch(/^ok +limits +rediss:\/\/localhost:\d+\/0 counts for all instances$/m);
    expect(unknown).toMatch(/^problem +limits +.*cannot be reached \((?:UNABLE_TO_VERIFY|SELF_SIGNED)\w+\)/m);
    expect(elsewhere).toMatch(/^problem +limits +.*cannot be reached \(ERR_TLS_CERT_ALTNAME_INVALID\)/m);
  });

  it('fails no request while it hangs', async () => {
    redis.hang();
    const statuses = await burst(2 * LIMIT, services.slice(2), await newKey());
    expect([count(statuses, 200), count(statuses, 429)]).toEqual([LIMIT, LIMIT]);
  });
});
