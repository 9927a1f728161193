import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost } from '../../testing/host.js';
import { E401, rawWhoAmI, send, sendRaw, type Sent, WHOAMI } from '../../testing/requests.js';

let host: Host;
let key: string;

describe('the key header', () => {
  beforeAll(async () => {
    host = await startHost();
    ({ key } = await createTenant(host));
  });

  beforeEach(() => {
    host.apiKeys.reads = 0;
  });

  afterAll(() => host.app.close());

  const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);

  describe('a header without a token (AU1)', () => {
    it.each([
      ['is missing', []],
      ['is empty', ['x-api-key:']],
      ['holds spaces', ['x-api-key:    ']],
      ['holds null', ['x-api-key: null']],
      ['holds undefined', ['x-api-key: undefined']],
      ['holds [object Object]', ['x-api-key: [object Object]']],
      ['holds junk', [`x-api-key: ${'%00\xff'.repeat(20)}`]],
      ['holds 12 KB of junk', [`x-api-key: ${'a'.repeat(12_000)}`]],
      ['holds a token of the right shape and a wrong checksum', [`x-api-key: fth_test_${'a'.repeat(46)}`]],
    ])('is refused without a look at the keys when it %s', async (_what, lines) => {
      const answer = await sendRaw(host, rawWhoAmI(...lines));
      expect(statusOf(answer)).toBe(401);
      expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual(E401);
      expect(host.apiKeys.reads).toBe(0);
    });
  });

  describe('two headers (AU2)', () => {
    it.each([
      ['valid and the same valid', () => [key, key]],
      ['valid and junk', () => [key, 'junk']],
      ['junk and valid', () => ['junk', key]],
      ['valid and empty', () => [key, '']],
      ['empty and valid', () => ['', key]],
    ])('are refused, none is picked: %s', async (_what, keys) => {
      const [first = '', second = ''] = keys();
      const answer = await sendRaw(host, rawWhoAmI(`x-api-key: ${first}`, `X-API-KEY: ${second}`));
      expect(statusOf(answer)).toBe(401);
      expect(host.apiKeys.reads).toBe(0);
    });

    it('are refused when two different valid keys are given', async () => {
      const { key: other } = await createTenant(host);
      const answer = await sendRaw(host, rawWhoAmI(`x-api-key: ${key}`, `x-api-key: ${other}`));
      expect(statusOf(answer)).toBe(401);
    });

    it('differ from one header, whose name takes any letter case and whose value surrounding blanks', async () => {
      expect(statusOf(await sendRaw(host, rawWhoAmI(`X-Api-Key:   ${key}  `)))).toBe(200);
    });
  });

  interface Place extends Sent {
    readonly path?: string;
    readonly method?: string;
  }

  describe('a valid key in another place than the header (AU3)', () => {
    it.each([
      ['query x-api-key', () => ({ path: `?x-api-key=${key}` })],
      ['query api_key', () => ({ path: `?api_key=${key}` })],
      ['cookie', () => ({ headers: { cookie: `x-api-key=${key}` } })],
      ['Authorization: Bearer', () => ({ headers: { authorization: `Bearer ${key}` } })],
      ['Authorization: ApiKey', () => ({ headers: { authorization: `ApiKey ${key}` } })],
      ['x_api_key', () => ({ headers: { x_api_key: key } })],
      ['api-key', () => ({ headers: { 'api-key': key } })],
      ['a longer value', () => ({ headers: { 'x-api-key': `Bearer ${key}` } })],
      ['body', () => ({ method: 'POST', body: { name: 'CI', 'x-api-key': key } })],
    ])('is refused: %s', async (_place, place) => {
      const { path = '', method = 'GET', ...sent }: Place = place();
      const target = method === 'GET' ? WHOAMI : '/v1/identity/api-keys';
      const { status, body } = await send(host, method, target + path, sent);
      expect([status, body]).toEqual([401, E401]);
      expect(host.apiKeys.reads).toBe(0);
    });
  });
});
