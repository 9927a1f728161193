import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Sent } from './support/http.js';
import { Installation } from './support/installation.js';
import { expectRefusal } from './support/refusal.js';
import type { Service } from './support/service.js';
import { partsOf } from './support/tokens.js';

const KEYS = '/v1/identity/api-keys';
const WHOAMI = '/v1/identity/whoami';

const PLACES: Readonly<Record<string, (key: string) => Sent & { path: string }>> = {
  'the query': (key) => ({ path: `${WHOAMI}?x-api-key=${key}&api_key=${key}&key=${key}` }),
  'a cookie': (key) => ({ path: WHOAMI, headers: { cookie: `x-api-key=${key}; api_key=${key}` } }),
  'the body': (key) => ({ path: KEYS, method: 'POST', body: { name: 'n', 'x-api-key': key, api_key: key } }),
  'the path': (key) => ({ path: `${KEYS}/${key}`, method: 'DELETE' }),
  'Authorization: Bearer': (key) => ({ path: WHOAMI, headers: { authorization: `Bearer ${key}` } }),
  'Authorization: ApiKey': (key) => ({ path: WHOAMI, headers: { authorization: `ApiKey ${key}` } }),
  'Authorization: Basic': (key) => ({
    path: WHOAMI,
    headers: { authorization: `Basic ${Buffer.from(`${key}:${key}`).toString('base64')}` },
  }),
  x_api_key: (key) => ({ path: WHOAMI, headers: { x_api_key: key } }),
  'api-key': (key) => ({ path: WHOAMI, headers: { 'api-key': key, apikey: key, 'x-api-token': key } }),
  'x-api-key, as a Bearer token': (key) => ({ path: WHOAMI, headers: { 'x-api-key': `Bearer ${key}` } }),
  'x-api-key, quoted': (key) => ({ path: WHOAMI, headers: { 'x-api-key': `"${key}"` } }),
};

describe('a valid key (AU3)', () => {
  let service: Service;
  let key: string;

  beforeAll(async () => {
    service = await (await Installation.create('sqlite')).start({ LOG_LEVEL: 'trace' });
    key = (await service.newKey(service.firstKey)).plain_text_key;
  });

  it.each(Object.keys(PLACES))('is refused in another place than the header: %s', async (place) => {
    const { path, ...sent } = PLACES[place]!(key);
    expectRefusal(await service.send(path, sent));
  });

  it('works in the header, however its name is spelled', async () => {
    for (const name of ['x-api-key', 'X-API-KEY', 'X-Api-Key']) {
      expect(await service.send(WHOAMI, { headers: { [name]: key } })).toMatchObject({ status: 200 });
    }
  });

  it('appears in no log line, wherever it was sent', async () => {
    const { stdout, stderr } = await service.stop();
    expect(stdout.match(/"msg":"request"/g)?.length).toBeGreaterThan(Object.keys(PLACES).length);
    expect(stdout + stderr).not.toContain(partsOf(key).secret);
  });
});
