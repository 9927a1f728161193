import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { foundTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { created } from '../../testing/keys.js';
import { E401, KEYS, send } from '../../testing/requests.js';

const BODY = JSON.stringify({ name: 'late' });

describe('a key that is revoked while the body of its request is under way', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await foundTenant(host);
  });
  afterAll(() => host.app.close());

  it('mints nothing: the answer is the 401 of every refusal', async () => {
    const { id, plain_text_key: key } = await created(host, tenant.key);
    const { reads } = host.apiKeys;
    const socket = connect(host.port, '127.0.0.1');
    const head = `POST ${KEYS} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${BODY.length}\r\nContent-Type: application/json\r\n`;
    socket.write(`${head}x-api-key: ${key}\r\n\r\n${BODY.slice(0, 5)}`);
    // Authenticated: its look-up has been made.
    while (host.apiKeys.reads === reads) await new Promise((resolve) => setTimeout(resolve, 5));
    const before = (await host.apiKeys.listUnrevoked(tenant.organization.id)).length;
    expect((await send(host, 'DELETE', `${KEYS}/${id}`, { key: tenant.key })).status).toBe(204);
    socket.write(BODY.slice(5));
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual(E401);
    expect(await host.apiKeys.listUnrevoked(tenant.organization.id)).toHaveLength(before - 1);
  });
});
