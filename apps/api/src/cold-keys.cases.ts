import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TokenFormat } from '@feather-identity/core';
import { generatePepper } from '@feather-identity/infra';
import { DATABASES, emptyDatabase } from '../testing/databases.js';
import { environment } from '../testing/environment.js';
import { created, KEYS, send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startServiceIn, type Tenant } from '../testing/service.js';

/** About 60 ms a check: long enough for clients to leave while others wait. */
const REAL_COST = 10;
const CLIENTS = 100;

describe.each(DATABASES)('keys that are used for the first time on %s, after their pepper was lost (RL6)', (type) => {
  let service: Service;
  let tenant: Tenant;
  let key: string;

  beforeAll(async () => {
    const DATABASE_URL = await emptyDatabase(type, process.env);
    const settings = { DATABASE_URL, FAILED_AUTHENTICATIONS_PER_MINUTE: '0' };
    const before = await startServiceIn({ ...environment(settings), bcryptCost: REAL_COST });
    tenant = await createTenant(before);
    key = (await created(before, tenant.key)).plain_text_key;
    await before.close();
    const after = environment({ ...settings, SECRET_PEPPERS: generatePepper(1) });
    service = await startServiceIn({ ...after, bcryptCost: REAL_COST });
  });

  afterAll(() => service.close());

  it('by 100 clients at once cost one bcrypt run', async () => {
    const answers = await Promise.all(Array.from({ length: CLIENTS }, () => send(service, 'GET', WHOAMI, { key })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(service.identity.hashingQueue.checks).toBe(1);
  });

  const asCaller = (token: string) => `GET ${WHOAMI} HTTP/1.1\r\nHost: a\r\nx-api-key: ${token}\r\n\r\n`;
  const shownToAService = (token: string) => {
    const body = JSON.stringify({ key: token });
    const type = `Content-Type: application/json\r\nContent-Length: ${body.length}`;
    return `POST ${KEYS}/verify HTTP/1.1\r\nHost: a\r\nx-api-key: ${key}\r\n${type}\r\n\r\n${body}`;
  };

  it.each([
    ['clients', asCaller],
    ['services that were shown them, and', shownToAService],
  ])('by %s that have gone away cost no more than the run that had begun', async (_who, requestWith) => {
    const { checks, abandoned } = service.identity.hashingQueue;
    const sockets = Array.from({ length: 40 }, (_, index) => {
      const secret = String(index).padStart(32, 'A');
      const forged = new TokenFormat('fth', 'live').compose(tenant.key.slice(9, 17), secret).reveal();
      const socket = connect(service.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(requestWith(forged));
      return socket;
    });
    while (service.identity.hashingQueue.waiting < 20) await sleep(1);
    for (const socket of sockets) socket.destroy();
    while (service.identity.hashingQueue.waiting > 0) await sleep(5);
    // Of the 20 that waited; the requests of the others may not even have arrived.
    expect(service.identity.hashingQueue.abandoned - abandoned).toBeGreaterThan(15);
    expect(service.identity.hashingQueue.checks - checks).toBeLessThan(20);
  });

  it('and of keys that are created, by clients that have gone away: nothing is hashed or stored for them', async () => {
    const { hashes, abandoned } = service.identity.hashingQueue;
    const stored = async () => (await service.identity.apiKeys.list(tenant.organization.id)).length;
    const before = await stored();
    const body = '{"name":"unheld"}';
    const head = `POST ${KEYS} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
    const sockets = Array.from({ length: 40 }, () => {
      const socket = connect(service.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(`${head}x-api-key: ${tenant.key}\r\n\r\n${body}`);
      return socket;
    });
    while (service.identity.hashingQueue.waiting < 20) await sleep(1);
    for (const socket of sockets) socket.destroy();
    while (service.identity.hashingQueue.waiting + service.identity.hashingQueue.running > 0) await sleep(5);
    expect(service.identity.hashingQueue.abandoned - abandoned).toBeGreaterThan(15);
    // What was begun is stored; PostgreSQL may still be at it.
    const expected = before + service.identity.hashingQueue.hashes - hashes;
    while ((await stored()) < expected) await sleep(5);
    expect(await stored()).toBe(expected);
  });
});
