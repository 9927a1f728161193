import { once } from 'node:events';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from '../support/installation.js';
import { connectTo, exchangeBytes, oneAnswer, written } from '../support/raw-exchange.js';
import type { Service } from '../support/service.js';
import { expectError } from './expect-safe.js';

const KEYS = '/v1/identity/api-keys';
const HOST = 'Host: localhost\r\n';
const LENGTHS = 'Content-Length: 2\r\nContent-Length: 3\r\n';

/** What is sent behind the key, if it is sent, and what is answered (HT1, HT2). */
const REFUSED: Readonly<Record<string, readonly [start: string, end: string, status: number, error: string]>> = {
  'no HTTP at all': ['hello\r\n', '\r\n', 400, 'bad_request'],
  'an unknown method': [`BREW ${KEYS} HTTP/1.1\r\n${HOST}`, '\r\n', 400, 'bad_request'],
  'another version': [`GET ${KEYS} HTTP/2.0\r\n${HOST}`, '\r\n', 400, 'bad_request'],
  'a NUL in a header': [`GET ${KEYS} HTTP/1.1\r\n${HOST}`, 'X: \0\r\n\r\n', 400, 'bad_request'],
  'a length and chunks': [
    `POST ${KEYS} HTTP/1.1\r\n${HOST}`,
    'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'bad_request',
  ],
  'a coding besides chunks': [
    `POST ${KEYS} HTTP/1.1\r\n${HOST}`,
    'Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    400,
    'bad_request',
  ],
  'chunks in HTTP/1.0': [
    `POST ${KEYS} HTTP/1.0\r\n${HOST}`,
    'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'bad_request',
  ],
  'two lengths': [`POST ${KEYS} HTTP/1.1\r\n${HOST}`, `${LENGTHS}\r\n{}`, 400, 'bad_request'],
  'a folded header': [`GET ${KEYS} HTTP/1.1\r\n${HOST}`, 'X: a\r\n b\r\n\r\n', 400, 'bad_request'],
  'a bare line feed': [`GET ${KEYS} HTTP/1.1\n${HOST}`, '\n', 400, 'bad_request'],
  'a space before the colon': [`GET ${KEYS} HTTP/1.1\r\n${HOST}`, 'X : a\r\n\r\n', 400, 'bad_request'],
  'no Host': [`GET ${KEYS} HTTP/1.1\r\n`, '\r\n', 400, 'bad_request'],
  'two Hosts': [`GET ${KEYS} HTTP/1.1\r\n${HOST}${HOST}`, '\r\n', 400, 'bad_request'],
  'a Host that is none': [`GET ${KEYS} HTTP/1.1\r\nHost: a b/c\r\n`, '\r\n', 400, 'bad_request'],
  'a target that is no path': [`GET whoami HTTP/1.1\r\n${HOST}Connection: close\r\n`, '\r\n', 400, 'bad_request'],
  'headers over 16 KiB': [
    `GET ${KEYS} HTTP/1.1\r\n${HOST}`,
    `X: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'request_header_fields_too_large',
  ],
  'a target over 16 KiB': [
    `GET ${KEYS}?${'x'.repeat(20_000)} HTTP/1.1\r\n${HOST}`,
    '\r\n',
    431,
    'request_header_fields_too_large',
  ],
};

describe('bytes that are no proper request', () => {
  let service: Service;

  beforeAll(async () => {
    service = await (await Installation.create('sqlite')).start();
  });

  describe.each(['without a key', 'with a key'])('%s', (which) => {
    it.each(Object.entries(REFUSED))(
      'get one ErrorResponse and a closed connection: %s',
      async (_what, [start, end, status, error]) => {
        const key = which === 'with a key' ? `x-api-key: ${service.firstKey}\r\n` : '';
        expectError(await oneAnswer(service.url, start + key + end), status, error);
      },
    );
  });

  it('are never taken for a second request behind a first one (HT2)', async () => {
    const smuggled = written('DELETE', `${KEYS}/x`, { 'x-api-key': service.firstKey });
    const head = { 'x-api-key': service.firstKey, 'Transfer-Encoding': 'chunked', 'Content-Length': '4' };
    const received = await exchangeBytes(service.url, written('POST', KEYS, head, `0\r\n\r\n${smuggled}`));
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(received).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('leave the process alive when their client resets the connection', async () => {
    for (const bytes of ['CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 'hello\r\n\r\n']) {
      const socket = connectTo(service.url);
      socket.once('data', () => socket.resetAndDestroy());
      socket.write(bytes);
      await once(socket, 'close');
    }
    expect(await service.whoami(service.firstKey)).toMatchObject({ status: 200 });
  });

  it('leave the service as it was', async () => {
    expect(await service.list(service.firstKey)).toHaveLength(1);
  });
});
