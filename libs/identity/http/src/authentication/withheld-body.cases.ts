import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Host, startHost } from '../../testing/host.js';
import { KEYS, sendRaw } from '../../testing/requests.js';

describe('a request without a key', () => {
  let host: Host;

  beforeAll(async () => {
    host = await startHost();
  });

  afterAll(() => host.app.close());

  it.each([
    ['announced', 'Content-Length: 1000000'],
    ['announced in chunks', 'Transfer-Encoding: chunked'],
    ['announced beyond the limit', 'Content-Length: 50000000'],
  ])('is refused before its body is read: %s', async (_what, announcement) => {
    const started = performance.now();
    const head = [`POST ${KEYS} HTTP/1.1`, 'Host: a', 'Connection: close', 'Content-Type: application/json'];
    const answer = await sendRaw(host, [...head, announcement, '', ''].join('\r\n'), 2000);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('is refused before its broken JSON is looked at', async () => {
    const head = [`POST ${KEYS} HTTP/1.1`, 'Host: a', 'Connection: close', 'Content-Length: 1', '', '{'];
    expect(await sendRaw(host, head.join('\r\n'))).toMatch(/^HTTP\/1\.1 401 /);
  });
});
