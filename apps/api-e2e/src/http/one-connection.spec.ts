import { beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from '../support/installation.js';
import { exchangeBytes, written } from '../support/raw-exchange.js';
import type { Service } from '../support/service.js';

const KEYS = '/v1/identity/api-keys';
const WHOAMI = '/v1/identity/whoami';
const OPEN = { Connection: 'keep-alive' };

describe('requests sent ahead on one connection', () => {
  let service: Service;

  beforeAll(async () => {
    service = await (await Installation.create('postgres')).start();
  });

  const statuses = async (bytes: string): Promise<number[]> =>
    [...(await exchangeBytes(service.url, bytes)).matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

  it('see what those before them did', async () => {
    const { id, plain_text_key: key } = await service.newKey(service.firstKey);
    const own = { 'x-api-key': key };
    const revocation = written('DELETE', `${KEYS}/${id}`, { ...OPEN, 'x-api-key': service.firstKey });
    expect(
      await statuses(written('GET', WHOAMI, { ...OPEN, ...own }) + revocation + written('GET', WHOAMI, own)),
    ).toEqual([200, 204, 401]);
  });

  it('are all answered', async () => {
    const headers = { 'x-api-key': service.firstKey };
    const ahead = written('GET', WHOAMI, { ...OPEN, ...headers }).repeat(49);
    expect(await statuses(ahead + written('GET', WHOAMI, headers))).toEqual(Array<number>(50).fill(200));
  });

  it('are answered though they offer another protocol', async () => {
    const h2c = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' };
    const websocket = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Key': 'eA==' };
    const headers = { 'x-api-key': service.firstKey };
    const offers = [h2c, websocket, { ...h2c, 'x-api-key': 'wrong' }].map((offer) =>
      written('GET', WHOAMI, { ...headers, ...offer }),
    );
    expect(await statuses(offers.join('') + written('GET', WHOAMI, headers))).toEqual([200, 200, 401, 200]);
  });
});
