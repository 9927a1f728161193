import { describe, expect, it } from '@jest/globals';
import { createOrganization } from './support/command-line.js';
import { DATABASES } from './support/database.js';
import type { Answer } from './support/http.js';
import { Installation, WITHOUT_BCRYPT } from './support/installation.js';
import type { Service } from './support/service.js';

const LIMIT = 50;
const KEYS = 5;
const REQUESTS = 80;

describe.each(DATABASES)('ORGANIZATION_RATE_LIMIT_PER_MINUTE on %s (RL1)', (database) => {
  /** Answers to requests with these keys in turn, all at once. */
  const burst = (service: Service, keys: readonly string[]): Promise<Answer[]> =>
    Promise.all(Array.from({ length: REQUESTS }, (_, index) => service.whoami(keys[index % keys.length]!)));

  it('lets exactly so many requests of all keys of an organization pass, and does not touch another', async () => {
    const installation = await Installation.create(database, WITHOUT_BCRYPT);
    const service = await installation.start({ ORGANIZATION_RATE_LIMIT_PER_MINUTE: String(LIMIT) });
    const other = await createOrganization(installation, 'Other');
    const keys = [service.firstKey];
    while (keys.length < KEYS) keys.push((await service.newKey(service.firstKey)).plain_text_key);
    const spent = KEYS - 1;
    const answers = await burst(service, keys);
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(LIMIT - spent);
    expect(refused).toHaveLength(REQUESTS - LIMIT + spent);
    for (const answer of refused) expectRateLimited(answer);
    expect(await service.create(keys[1]!, { name: 'n' })).toMatchObject({ status: 429 });
    expect(await service.whoami('junk')).toMatchObject({ status: 401 });
    expect(await service.whoami(other.plain_text_key)).toMatchObject({ status: 200 });
  });

  it('limits nobody when it is 0', async () => {
    const service = await (
      await Installation.create(database, WITHOUT_BCRYPT)
    ).start({ ORGANIZATION_RATE_LIMIT_PER_MINUTE: '0' });
    for (const { status, headers } of await burst(service, [service.firstKey])) {
      expect([status, headers.ratelimit]).toEqual([200, undefined]);
    }
  });
});

/** Expects the body and the headers of draft-ietf-httpapi-ratelimit-headers, which say the same. */
function expectRateLimited({ headers, body }: Answer): void {
  const { retry_after: seconds } = body as { retry_after: number };
  expect(body).toEqual({
    error: 'rate_limited',
    message: expect.any(String),
    retryable: true,
    retry_after: seconds,
  });
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(headers).toMatchObject({
    'retry-after': String(seconds),
    ratelimit: `"organization";r=0;t=${seconds}`,
    'ratelimit-policy': `"organization";q=${LIMIT};w=60`,
  });
}
