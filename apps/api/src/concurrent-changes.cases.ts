import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DATABASES } from '../testing/databases.js';
import { type Pair, startPair } from '../testing/pair.js';
import { type Answer, type CreatedKey, created, KEYS, send } from '../testing/requests.js';
import { createTenant, type Service, type Tenant } from '../testing/service.js';

const DELETIONS = 16;
const MAX_KEYS = 10;
const CREATIONS = 64;
const ROUNDS = 3;
const CHANGES = 40;

interface Event {
  readonly type: string;
  readonly api_key_id: string;
}

describe.each(DATABASES)('of requests that come to two instances on %s at once', (type) => {
  let pair: Pair;
  let tenant: Tenant;

  beforeAll(async () => {
    pair = await startPair(type, process.env, { MAX_KEYS_PER_ORGANIZATION: String(MAX_KEYS) });
  });

  beforeEach(async () => {
    tenant = await createTenant(pair.a);
  });

  afterAll(() => pair.close());

  /** The answers to as many requests, half of them to each instance, and how often each status is among them. */
  async function atOnce(count: number, ask: (service: Service) => Promise<Answer>): Promise<Record<number, Answer[]>> {
    const both = Array.from({ length: count }, (_, index) => ask(index % 2 === 0 ? pair.a : pair.b));
    const answers: Record<number, Answer[]> = {};
    for (const answer of await Promise.all(both)) (answers[answer.status] ??= []).push(answer);
    return answers;
  }

  const events = async (eventType: string) => {
    const path = `/v1/identity/audit-events?limit=200&type=${eventType}`;
    return ((await send(pair.b, 'GET', path, { key: tenant.key })).body as { items: Event[] }).items;
  };

  it('to revoke one key, one does so and is recorded (RV10)', async () => {
    const { id } = await created(pair.a, tenant.key);
    const answers = await atOnce(DELETIONS, (one) => send(one, 'DELETE', `${KEYS}/${id}`, { key: tenant.key }));
    expect([answers[204]?.length, answers[404]?.length]).toEqual([1, DELETIONS - 1]);
    expect(await events('api_key.revoked')).toEqual([expect.objectContaining({ api_key_id: id })]);
  });

  it('to create a key where one more may be, one does so and is recorded, time and again', async () => {
    for (let keys = 1; keys < MAX_KEYS - 1; keys += 1) await created(pair.a, tenant.key);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const body = { name: 'One too many' };
      const answers = await atOnce(CREATIONS, (one) => send(one, 'POST', KEYS, { key: tenant.key, body }));
      expect([answers[201]?.length, answers[409]?.length]).toEqual([1, CREATIONS - 1]);
      for (const { body: refusal } of answers[409] ?? []) expect(refusal).toMatchObject({ error: 'conflict' });
      const keys = (await send(pair.b, 'GET', KEYS, { key: tenant.key })).body as { id: string }[];
      expect(keys).toHaveLength(MAX_KEYS);
      expect(await events('api_key.created')).toHaveLength(MAX_KEYS - 2 + round);
      const { id } = answers[201]?.[0]?.body as { id: string };
      expect((await send(pair.a, 'DELETE', `${KEYS}/${id}`, { key: tenant.key })).status).toBe(204);
    }
  });

  it('by which two keys change each other, all are done and recorded', async () => {
    const [one, two] = [await created(pair.a, tenant.key), await created(pair.b, tenant.key)];
    const rename = (service: Service, { plain_text_key: key }: CreatedKey, { id }: CreatedKey, name: string) =>
      send(service, 'PATCH', `${KEYS}/${id}`, { key, body: { name } });
    let next = 0;
    const answers = await atOnce(CHANGES, (service) => {
      next += 1;
      return next % 4 < 2 ? rename(service, one, two, `Name ${next}`) : rename(service, two, one, `Name ${next}`);
    });
    expect(answers[200]?.length).toBe(CHANGES);
    expect(await events('api_key.updated')).toHaveLength(CHANGES);
  });
});
