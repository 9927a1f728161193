import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { eventually } from './support/eventually.js';
import { Installation, WITHOUT_BCRYPT } from './support/installation.js';
import type { CreatedKey, Service } from './support/service.js';

const EVERY_MS = 5;
const GRACE_SECONDS = 3;
const ROUNDS = 10;

interface Details {
  readonly previous_secret_expires_at: string | null;
  readonly previous_secret_last_used_at: string | null;
}

/** Requests at a steady rate to each service in turn, whether they are answered or not. */
class Load {
  readonly statuses: number[] = [];
  readonly #answers: Promise<unknown>[] = [];
  readonly #started = performance.now();
  readonly #timer = setInterval(() => {
    while (this.#answers.length * EVERY_MS < performance.now() - this.#started) this.#send();
  }, EVERY_MS);

  constructor(
    private readonly services: readonly Service[],
    public token: string,
  ) {}

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#answers);
  }

  #send(): void {
    const service = this.services[this.#answers.length % this.services.length]!;
    const noted = (status: number) => this.statuses.push(status);
    this.#answers.push(
      service.whoami(this.token).then(
        ({ status }) => noted(status),
        () => noted(0),
      ),
    );
  }
}

describe.each(DATABASES)('a key of two instances on %s', (database) => {
  let services: Service[];
  let owner: string;
  let key: CreatedKey;
  let rotatedAt: number;

  beforeAll(async () => {
    const installation = await Installation.create(database, WITHOUT_BCRYPT);
    const settings = { ORGANIZATION_RATE_LIMIT_PER_MINUTE: '0', LAST_USED_FLUSH_SECONDS: '1' };
    const first = await installation.start(settings);
    services = [first, await installation.start(settings)];
    owner = first.firstKey;
    key = await first.newKey(owner);
  });

  const path = () => `/v1/identity/api-keys/${key.id}`;
  const headers = () => ({ 'x-api-key': owner });

  const rotate = async (body?: unknown): Promise<CreatedKey> => {
    const answer = await services[0]!.send(`${path()}/rotate`, { method: 'POST', headers: headers(), body });
    expect(answer.status).toBe(200);
    return answer.body as CreatedKey;
  };

  const statuses = (token: string) =>
    Promise.all(services.map(async (service) => (await service.whoami(token)).status));

  it('is rotated under 200 requests a second without losing one of them', async () => {
    const old = key.plain_text_key;
    const load = new Load(services, old);
    try {
      await sleep(500);
      const rotated = await rotate({ grace_period_seconds: GRACE_SECONDS });
      rotatedAt = Date.now();
      const graceEnds = performance.now() + GRACE_SECONDS * 1000;
      await sleep(1000);
      expect(await statuses(old)).toEqual([200, 200]);
      load.token = rotated.plain_text_key;
      await sleep(graceEnds - performance.now() + 500);
      expect([rotated.id, await statuses(old), await statuses(load.token)]).toEqual([key.id, [401, 401], [200, 200]]);
    } finally {
      await load.end();
    }
    expect(load.statuses.length).toBeGreaterThan(500);
    expect(load.statuses.filter((status) => status !== 200)).toEqual([]);
  });

  it('shows that its previous secret was used until the clients had the new one', async () => {
    await eventually(async () => {
      const { body } = await services[1]!.send(path(), { headers: headers() });
      const { previous_secret_last_used_at: used, previous_secret_expires_at: end } = body as Details;
      return end === null && used !== null && Date.parse(used) > rotatedAt + 500;
    });
  });

  it('is rotated in an emergency, and its old secret is refused by the very next request', async () => {
    let { plain_text_key: old } = await rotate();
    for (let round = 0; round < ROUNDS; round += 1) {
      expect(await statuses(old)).toEqual([200, 200]);
      const { plain_text_key: renewed } = await rotate(round % 2 === 0 ? undefined : { grace_period_seconds: 0 });
      expect(await statuses(old)).toEqual([401, 401]);
      old = renewed;
    }
  });
});
