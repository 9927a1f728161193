import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keyFor, type Platform, type StartedHost, startEmbedded, startRemote } from '../../testing/guarded-hosts.js';
import type { KeyLocation } from '../index.js';
import { assertAnswer, type ExpectedAnswer, UNAUTHENTICATED } from '../testing/answers.js';
import { exchange, type Exchange, forged, respelled } from '../testing/guarded-host.js';

const MODES = { 'has its keys itself': startEmbedded, 'asks a service': startRemote };

const HOSTS: [keyof typeof MODES, Platform][] = [
  ['has its keys itself', 'express'],
  ['has its keys itself', 'fastify'],
  ['asks a service', 'express'],
  ['asks a service', 'fastify'],
];

/** A signed token of somebody else: `{"alg":"HS256","typ":"JWT"}`. */
const JWT = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.rTCH8cLoGxAm_xw68z-zXVKi9ie6xJn9tnVWjd_9ftE';

const unauthenticated = (message: string, schemes: string): ExpectedAnswer => ({
  status: 401,
  body: { error: 'authentication_required', message: `No valid API key was provided.${message}` },
  headers: { 'www-authenticate': schemes },
});

type Headers = Record<string, string | string[]>;

describe.each(HOSTS)('an application that %s, on %s', (mode, platform) => {
  let host: StartedHost;
  let key: string;

  const accepting = (options: KeyLocation & { failuresPerMinute?: number }) => {
    beforeAll(async () => {
      host = await MODES[mode](platform, options);
      key = await keyFor(host, 'orders:read');
    });
    afterAll(() => host.close());
  };

  const get = (headers: Headers, path = '/orders'): Promise<Exchange> => exchange(host.url + path, 'GET', headers);
  const statusOf = async (headers: Headers) => (await get(headers)).status;

  async function assertRefused(expected: ExpectedAnswer, each: readonly Headers[]): Promise<void> {
    for (const headers of each) assertAnswer(await get(headers), expected, JSON.stringify(headers));
  }

  describe('and accepts keys as Bearer', () => {
    const REFUSED = unauthenticated(
      ' Pass your key in the x-api-key header, or as a Bearer token in the Authorization header.',
      'Bearer realm="identity", ApiKey realm="identity"',
    );

    accepting({ acceptBearer: true });

    it('lets a key in by either header, the scheme in any letter case', async () => {
      for (const authorization of [`Bearer ${key}`, `bearer ${key}`, `BEARER   ${key}`])
        expect(await statusOf({ authorization })).toBe(200);
      expect(await statusOf({ 'X-API-Key': key })).toBe(200);
      expect(await statusOf({ 'x-api-key': '', authorization: `Bearer ${key}` })).toBe(200);
    });

    it('says both ways in its 401, whatever was wrong', async () => {
      const wrong = [
        forged(key),
        respelled(key, 'fth', 'live'),
        key.slice(0, -1),
        `${key}, Bearer ${key}`,
        JWT,
        'x',
        '',
      ];
      await assertRefused(REFUSED, [
        {},
        { 'x-api-key': 'junk' },
        { 'x-api-key': `Bearer ${key}` },
        { authorization: key },
        { authorization: `Bearer${key}` },
        { authorization: `ApiKey ${key}` },
        { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` },
        ...wrong.map((token) => ({ authorization: `Bearer ${token}` })),
      ]);
    });

    it('takes neither of two keys, equal or not, wherever they are', async () => {
      const other = await keyFor(host, 'orders:read');
      const bearer = `Bearer ${key}`;
      await assertRefused(REFUSED, [
        { 'x-api-key': key, authorization: bearer },
        { 'x-api-key': other, authorization: bearer },
        { 'x-api-key': key, authorization: `Bearer ${forged(key)}` },
        { 'x-api-key': 'junk', authorization: bearer },
        { authorization: [bearer, bearer] },
        { authorization: [bearer, `Bearer ${other}`] },
        { authorization: [bearer, `Bearer ${JWT}`] },
        { authorization: [`Bearer ${JWT}`, bearer] },
        { authorization: [bearer, 'Basic YTpi'] },
        { 'x-api-key': key, authorization: `Bearer ${JWT},${bearer}` },
      ]);
    });

    it('looks at no JWT: a key beside one counts alone', async () => {
      expect(await statusOf({ 'x-api-key': key, authorization: `Bearer ${JWT}` })).toBe(200);
      expect(await statusOf({ 'x-api-key': key, authorization: [`Bearer ${JWT}`, `Bearer ${JWT}`] })).toBe(200);
      await assertRefused(REFUSED, [{ 'x-api-key': forged(key), authorization: `Bearer ${JWT}` }]);
    });

    it('verifies a key again that came into the request beside the first one', async () => {
      const path = '/orders/each?of=list,caller';
      const authorization = `Bearer ${key}`;
      expect(JSON.parse((await get({ authorization }, path)).text)).toMatchObject([['order-1'], {}]);
      const { text } = await get({ authorization, 'x-then-key': key }, path);
      expect(JSON.parse(text)).toEqual([REFUSED.body, REFUSED.body]);
    });
  });

  describe('and accepts keys as Bearer, with a limit of failures', () => {
    accepting({ acceptBearer: true, failuresPerMinute: 2 });

    it('counts a wrong bearer key like a wrong key, and a JWT as none', async () => {
      const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
      const others = [{}, bearer(JWT), bearer('opaque'), { authorization: 'Basic YTpi' }];
      const seen: number[] = [];
      for (const sent of [bearer(forged(key)), { 'x-api-key': 'junk' }, bearer(forged(key)), bearer(key.slice(1))]) {
        for (const other of others) expect(await statusOf(other)).toBe(401);
        seen.push(await statusOf(sent));
      }
      // The last one does not begin like a key.
      expect(seen).toEqual([401, 401, 429, 401]);
      expect(await statusOf({ 'x-api-key': 'junk' })).toBe(429);
      expect(await statusOf(bearer(key))).toBe(200);
    });
  });

  describe('and reads keys from a header of its own', () => {
    accepting({ keyHeader: 'X-Acme-Key' });

    it('lets a key in by that header and no other one, and names it', async () => {
      for (const name of ['X-Acme-Key', 'x-acme-key']) expect(await statusOf({ [name]: key })).toBe(200);
      const schemes = 'ApiKey realm="identity", header="X-Acme-Key"';
      await assertRefused(unauthenticated(' Pass your key in the X-Acme-Key header.', schemes), [
        {},
        { 'x-api-key': key },
        { authorization: `Bearer ${key}` },
        { 'x-acme-key': [key, key] },
        { 'x-acme-key': 'junk' },
      ]);
    });
  });

  describe('and reads keys by a function of its own', () => {
    accepting({
      readKey: ({ headers: { authorization } }) => /^acme (.*)$/.exec(authorization?.toString() ?? '')?.[1],
    });

    it('lets a key in that the function finds', async () => {
      expect(await statusOf({ authorization: `acme ${key}` })).toBe(200);
      await assertRefused(unauthenticated('', 'ApiKey realm="identity"'), [
        {},
        { 'x-api-key': key },
        { authorization: `acme ${forged(key)}` },
      ]);
    });
  });

  describe('and says nothing of it', () => {
    accepting({});

    it('reads keys from x-api-key alone', async () => {
      expect(await statusOf({ 'x-api-key': key, authorization: `Bearer ${key}` })).toBe(200);
      await assertRefused(UNAUTHENTICATED, [{}, { authorization: `Bearer ${key}` }, { 'x-acme-key': key }]);
    });
  });
});
