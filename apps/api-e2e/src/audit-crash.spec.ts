import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { DATABASES, type Row } from './support/database.js';
import type { Sent } from './support/http.js';
import { Installation } from './support/installation.js';
import type { CreatedKey, Service } from './support/service.js';

const KILLS = 3;
const LANES = 8;
const SETTINGS = {
  ORGANIZATION_RATE_LIMIT_PER_MINUTE: '0',
  MAX_KEYS_PER_ORGANIZATION: '100000',
  SECRET_HASHER: 'hmac-sha256',
};
const KEYS = '/v1/identity/api-keys';

interface Event {
  readonly type: string;
  readonly api_key_id: string;
  readonly request_id: string | null;
  readonly changes: { readonly name?: string; readonly key_prefix?: string };
}

/** A key as its events or its row tell. */
interface State {
  name: string;
  keyPrefix: string;
  isDisabled: boolean;
  isRevoked: boolean;
}

describe.each(DATABASES)('a kill -9 under a load of changes on %s', (database) => {
  it('leaves one event for each change that was acknowledged, and no event without its change', async () => {
    const installation = await Installation.create(database);
    const acknowledged = new Map<string, string>();
    let service = await installation.start(SETTINGS);
    const owner = service.firstKey;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const lanes = Array.from({ length: LANES }, () => changeKeys(service, owner, acknowledged));
      const enough = acknowledged.size + randomInt(20, 60);
      while (acknowledged.size < enough) await sleep(randomInt(1, 20));
      await service.kill();
      await Promise.allSettled(lanes);
      service = await installation.start(SETTINGS);
    }
    const events = await eventsOf(service, owner);
    const recorded = events.filter(({ request_id: id }) => id !== null && acknowledged.has(id));
    expect(new Map(recorded.map(({ request_id: id, type }) => [id, type]))).toEqual(acknowledged);
    expect(recorded).toHaveLength(acknowledged.size);
    const stored = await installation.database.query('SELECT * FROM api_keys');
    expect(stored.length).toBeGreaterThan(10);
    // Raised with each key, and not lowered below the limit: a kill leaves no key that is stored and not counted.
    const [organization] = await installation.database.query('SELECT live_keys FROM organizations');
    expect(Number(organization?.['live_keys'])).toBe(stored.length);
    const rows = stored.map((row) => [String(row['id']), row] as const);
    expect(statesBy(events, new Map(rows))).toEqual(new Map(rows.map(([id, row]) => [id, stateOf(row)])));
  });
});

/** Makes keys and changes each in every way, until the service is gone; notes which answer was to which change. */
async function changeKeys(service: Service, owner: string, acknowledged: Map<string, string>): Promise<void> {
  const change = async (type: string, path: string, sent: Sent): Promise<unknown> => {
    const { status, headers, text } = await service.send(path, { ...sent, headers: { 'x-api-key': owner } });
    if (status >= 300) throw new Error(`${status} ${text}`);
    acknowledged.set(String(headers['x-request-id']), type);
    return text === '' ? undefined : JSON.parse(text);
  };
  for (let round = 0; ; round += 1) {
    const body = { name: `Round ${round}` };
    const { id } = (await change('api_key.created', KEYS, { method: 'POST', body })) as CreatedKey;
    const path = `${KEYS}/${id}`;
    await change('api_key.updated', path, { method: 'PATCH', body: { name: `Renamed in round ${round}` } });
    await change('api_key.rotated', `${path}/rotate`, { method: 'POST', body: { grace_period_seconds: round % 2 } });
    await change('api_key.disabled', path, { method: 'PATCH', body: { is_active: false } });
    await change('api_key.revoked', path, { method: 'DELETE' });
  }
}

/** The whole audit log, oldest first. */
async function eventsOf(service: Service, key: string): Promise<Event[]> {
  const events: Event[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const path = `/v1/identity/audit-events?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const { body } = await service.send(path, { headers: { 'x-api-key': key } });
    const page = body as { items: Event[]; next_cursor: string | null };
    events.push(...page.items);
    cursor = page.next_cursor;
  }
  return events.reverse();
}

/** What the events make of each key. Where a key was never rotated its public part is the stored one. */
function statesBy(events: readonly Event[], rows: ReadonlyMap<string, Row>): Map<string, State> {
  const states = new Map<string, State>();
  for (const { type, api_key_id: id, changes } of events) {
    const { name = '', key_prefix: keyPrefix } = changes;
    const state = states.get(id);
    if (state === undefined) {
      const isFirst = type.startsWith('organization.');
      const row = rows.get(id);
      const made = { name: isFirst ? 'Owner key' : name, keyPrefix: String(row?.['key_prefix']) };
      states.set(id, { ...made, isDisabled: false, isRevoked: false });
    } else if (type === 'api_key.updated') state.name = name;
    else if (type === 'api_key.rotated') state.keyPrefix = String(keyPrefix);
    else if (type === 'api_key.disabled') state.isDisabled = true;
    else if (type === 'api_key.revoked') state.isRevoked = true;
  }
  return states;
}

function stateOf(row: Row): State {
  return {
    name: String(row['name']),
    keyPrefix: String(row['key_prefix']),
    isDisabled: row['disabled_at'] !== null,
    isRevoked: row['revoked_at'] !== null,
  };
}
