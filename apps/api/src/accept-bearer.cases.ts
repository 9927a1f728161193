import { OPERATOR } from '@feather-identity/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emptyDatabase } from '../testing/databases.js';
import { environment } from '../testing/environment.js';
import { send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startServiceIn } from '../testing/service.js';

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly security?: unknown }>>>>;
  readonly components: { readonly securitySchemes: object };
}

const AUTHORIZE = '/v1/identity/authorize?scope=orders:read';

describe.each([
  ['on', 'sqlite'],
  ['on', 'postgres'],
  ['off', 'sqlite'],
] as const)('a service with ACCEPT_BEARER=%s, on %s', (setting, database) => {
  let service: Service;
  let key: string;

  beforeAll(async () => {
    const DATABASE_URL = await emptyDatabase(database, process.env);
    service = await startServiceIn(environment({ DATABASE_URL, ACCEPT_BEARER: setting }));
    ({ key } = await createTenant(service));
  });

  afterAll(() => service.close());

  const isOn = setting === 'on';
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  it('accepts a key as Bearer, for itself and for gateways, only if it is on', async () => {
    for (const path of [WHOAMI, AUTHORIZE]) {
      expect((await send(service, 'GET', path, bearer(key))).status).toBe(isOn ? 200 : 401);
      expect((await send(service, 'GET', path, { key })).status).toBe(200);
      expect((await send(service, 'GET', path, { key, ...bearer(key) })).status).toBe(isOn ? 401 : 200);
      expect((await send(service, 'GET', path, { key, ...bearer('eyJhbGciOiJIUzI1NiJ9.e30.c2ln') })).status).toBe(200);
    }
  });

  it('accepts an operator key as Bearer, only if it is on', async () => {
    const { token } = await service.identity.manageOperatorKeys.create({ name: 'ops', scopes: null }, OPERATOR);
    const { status, headers } = await send(service, 'GET', '/v1/operator/organizations', bearer(token.reveal()));
    expect(status).toBe(isOn ? 200 : 401);
    if (!isOn) expect(headers.get('www-authenticate')).toBe('ApiKey realm="identity"');
    expect((await send(service, 'GET', WHOAMI, bearer(token.reveal()))).status).toBe(401);
  });

  it('names in its 401 and in its description what it accepts', async () => {
    const { status, headers, body } = await send(service, 'GET', WHOAMI);
    const where = isOn ? 'header, or as a Bearer token in the Authorization header.' : 'header.';
    expect([status, body, headers.get('www-authenticate')]).toEqual([
      401,
      {
        error: 'authentication_required',
        message: `No valid API key was provided. Pass your key in the x-api-key ${where}`,
      },
      `${isOn ? 'Bearer realm="identity", ' : ''}ApiKey realm="identity"`,
    ]);
    const { paths, components } = (await send(service, 'GET', '/openapi.json')).body as Description;
    const schemes = isOn ? ['APIKeyHeader', 'APIKeyBearer'] : ['APIKeyHeader'];
    const [header, ...bearers] = schemes;
    expect(Object.keys(components.securitySchemes)).toEqual([header, 'OperatorKeyHeader', ...bearers]);
    expect(paths[WHOAMI]?.['get']?.security).toEqual(schemes.map((scheme) => ({ [scheme]: [] })));
    expect(paths['/healthz']?.['get']?.security).toBeUndefined();
  });
});
