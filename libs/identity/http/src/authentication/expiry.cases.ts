import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost } from '../../testing/host.js';
import { E401, KEYS, send, WHOAMI } from '../../testing/requests.js';

const EXPIRES_AT = new Date('2026-06-01T00:00:00.000Z');

describe('a key with an end (AU6)', () => {
  let host: Host;
  let key: string;

  beforeAll(async () => {
    host = await startHost();
    const { key: admin } = await createTenant(host);
    const body = { name: 'short', expires_at: EXPIRES_AT.toISOString() };
    key = ((await send(host, 'POST', KEYS, { key: admin, body })).body as { plain_text_key: string }).plain_text_key;
  });

  afterAll(() => host.app.close());

  const at = async (instant: number) => {
    host.identity.clock.set(new Date(instant));
    return send(host, 'GET', WHOAMI, { key });
  };

  it('is accepted one millisecond before', async () => {
    expect((await at(EXPIRES_AT.getTime() - 1)).status).toBe(200);
  });

  it.each([0, 1, 86_400_000])('is refused at its end and after it: %d ms', async (later) => {
    // Warm: the same process accepted it a moment ago.
    expect((await at(EXPIRES_AT.getTime() - 1)).status).toBe(200);
    const { status, body } = await at(EXPIRES_AT.getTime() + later);
    expect([status, body]).toEqual([401, E401]);
  });
});
