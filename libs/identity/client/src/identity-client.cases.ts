import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answering, reset, SERVICE_KEY, VerifyService } from '../testing/verify-service.js';
import { createIdentityClient, type components, type IdentityApiError } from './index.js';

const service = new VerifyService();

const client = () => createIdentityClient({ baseUrl: service.baseUrl, apiKey: SERVICE_KEY });

/** Describes an error as an application would: the compiler knows the fields of each `error`. */
function describeError(error: IdentityApiError): string {
  switch (error.error) {
    case 'rate_limited':
    case 'service_unavailable':
      return `again in ${error.retry_after} s: ${error.message}`;
    case 'validation':
      return error.detail.map(({ msg }) => msg).join();
    case 'unexpected':
      // @ts-expect-error An unexpected answer has no message.
      return `status ${error.status}${String(error.message)}`;
    default:
      return `${error.error}: ${error.message}`;
  }
}

describe('a client of the service', () => {
  beforeAll(() => service.start());
  afterAll(() => service.stop());

  it('knows the type of an answer', async () => {
    service.behaviour = answering(200, [{ id: 'key-1', name: 'CI' }]);
    const { data } = await client().GET('/v1/identity/api-keys', { params: { query: { limit: 1 } } });
    const listed: components['schemas']['ApiKeyResponse'][] | undefined = data;
    expect(listed?.[0]?.name).toBe('CI');
  });

  it.each<[number, unknown, string]>([
    [401, { error: 'authentication_required', message: 'No key.' }, 'authentication_required: No key.'],
    [403, { error: 'permission_denied', message: 'No scope.' }, 'permission_denied: No scope.'],
    [404, { error: 'not_found', message: 'No such key.' }, 'not_found: No such key.'],
    [403, { error: 'address_not_allowed', message: 'Not here.' }, 'address_not_allowed: Not here.'],
    [409, { error: 'conflict', message: 'Taken.' }, 'conflict: Taken.'],
    [409, { error: 'caller_changed', message: 'Again.' }, 'caller_changed: Again.'],
    [429, { error: 'rate_limited', message: 'Later.', retry_after: 7 }, 'again in 7 s: Later.'],
    [503, { error: 'service_unavailable', message: 'Later.' }, 'again in 1 s: Later.'],
    [422, { detail: [{ loc: ['body', 'name'], msg: 'Field required', type: 'missing' }] }, 'Field required'],
    [502, '<html>Bad Gateway</html>', 'status 502undefined'],
    [500, '', 'status 500undefined'],
    [500, 'null', 'status 500undefined'],
    [418, { error: 'teapot', message: 'Short and stout.' }, 'status 418undefined'],
    [400, { error: 'bad_request' }, 'status 400undefined'],
    [302, '', 'status 302undefined'],
  ])('tells errors apart: %i %j', async (status, body, expected) => {
    service.behaviour = answering(status, body, { location: 'http://127.0.0.1:1/', 'retry-after': '7' });
    const { data, error, response } = await client().GET('/v1/identity/whoami');
    expect([data, error && describeError(error), response.status]).toEqual([undefined, expected, status]);
    expect(response.headers.get('retry-after')).toBe('7');
  });

  it('throws what fetch throws where there is no answer', async () => {
    service.behaviour = reset;
    await expect(client().GET('/v1/identity/whoami')).rejects.toThrow('fetch failed');
  });

  it.each(['', ' ', `${SERVICE_KEY}\nx: y`, 'ключ'])('repeats no key that cannot be sent: %j', (apiKey) => {
    const make = () => createIdentityClient({ baseUrl: service.baseUrl, apiKey });
    expect(make).toThrow('apiKey is empty or holds characters that no key has.');
  });

  it('does not compile where something is missing', () => {
    // @ts-expect-error A key needs a name.
    const nameless = () => client().POST('/v1/identity/api-keys', { body: {} });
    // @ts-expect-error There is no such route.
    const nowhere = () => client().GET('/v1/identity/nowhere');
    expect([nameless, nowhere]).toHaveLength(2);
  });
});
