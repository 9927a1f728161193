import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { type CreatedKey, created } from '../../testing/keys.js';
import { E401, KEYS, send } from '../../testing/requests.js';

const CHANGED = {
  error: 'caller_changed',
  message: 'The calling key was changed while this request was under way.',
};

describe('a key that loses its power while the body of its request is under way', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });
  afterAll(() => host.app.close());

  /** Sends half of a body, waits until the key was accepted, does something to it, and sends the other half. */
  async function interrupted(
    { plain_text_key: key }: CreatedKey,
    line: string,
    body: string,
    doing: () => Promise<unknown>,
  ) {
    const { reads } = host.apiKeys;
    const socket = connect(host.port, '127.0.0.1');
    const head = `${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\nContent-Type: application/json\r\n`;
    socket.write(`${head}x-api-key: ${key}\r\n\r\n${body.slice(0, 5)}`);
    // Authenticated: its look-up has been made.
    while (host.apiKeys.reads === reads) await new Promise((resolve) => setTimeout(resolve, 5));
    await doing();
    socket.write(body.slice(5));
    const answer = await text(socket);
    return [Number(answer.slice(9, 12)), JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as unknown];
  }
  const change = async (method: string, { id }: CreatedKey, body?: object) => {
    expect((await send(host, method, `${KEYS}/${id}`, { key: tenant.key, body })).status).toBeLessThan(300);
  };

  const losses: [string, (key: CreatedKey) => Promise<void>, unknown[]][] = [
    ['is revoked', (key) => change('DELETE', key), [401, E401]],
    ['is disabled', (key) => change('PATCH', key, { is_active: false }), [401, E401]],
    ['loses scopes', (key) => change('PATCH', key, { scopes: ['api_keys:manage'] }), [409, CHANGED]],
    ['gets an earlier end', (key) => change('PATCH', key, { expires_at: '2026-02-01' }), [409, CHANGED]],
  ];

  it.each(losses)('mints nothing, as when it %s', async (_what, lose, refusal) => {
    const key = await created(host, tenant.key);
    const { size } = host.identity.store.apiKeys;
    const answer = await interrupted(key, `POST ${KEYS}`, '{"name":"late"}', () => lose(key));
    expect(answer).toEqual(refusal);
    expect(host.identity.store.apiKeys.size).toBe(size);
  });

  it.each(losses)('changes and rotates nothing, as when it %s', async (_what, lose, refusal) => {
    const target = await created(host, tenant.key, { name: 'target' });
    for (const [line, body] of [
      [`PATCH ${KEYS}/${target.id}`, '{"name":"late"}'],
      [`POST ${KEYS}/${target.id}/rotate`, '{"grace_period_seconds":60}'],
    ] as const) {
      const key = await created(host, tenant.key);
      expect(await interrupted(key, line, body, () => lose(key))).toEqual(refusal);
    }
    expect(host.identity.store.apiKeys.get(target.id)).toMatchObject({ name: 'target', keyPrefix: target.key_prefix });
  });
});
