import { describe, expect, it } from '@jest/globals';
import { SERVICE_KEY } from '../../testing/verify-service.js';
import { RemoteApiKeyVerifier } from '../index.js';

describe('options', () => {
  const make = (options: object) => () => {
    const given = { baseUrl: 'http://localhost:8000', apiKey: SERVICE_KEY, ...options };
    return new RemoteApiKeyVerifier(given, console);
  };

  it.each([
    [{ baseUrl: 'localhost:8000' }, 'baseUrl'],
    [{ baseUrl: 'nonsense' }, 'Invalid URL'],
    [{ apiKey: '' }, 'apiKey is missing'],
    [{ apiKey: undefined }, 'apiKey is missing'],
    [{ apiKey: `${SERVICE_KEY}\n` }, 'apiKey is not a key of this service, or not complete'],
    [{ environment: 'prod' }, 'its keys begin with fth_prod_, those of operators with fth_operator_.'],
    [{ environment: ['prod', 'qa'] }, 'its keys begin with fth_prod_ or fth_qa_, those of operators'],
    [{ maxStalenessSeconds: -1 }, 'maxStalenessSeconds'],
    [{ maxStalenessSeconds: NaN }, 'maxStalenessSeconds'],
    [{ staleIfErrorSeconds: Infinity }, 'staleIfErrorSeconds'],
    [{ attemptTimeoutSeconds: 0 }, 'attemptTimeoutSeconds'],
    [{ deadlineSeconds: 0.5 }, 'must not be greater'],
  ])('that cannot be used throw at once, and no key is repeated: %j', (options, message) => {
    expect(make(options)).toThrow(message);
    expect(make(options)).not.toThrow(/s{32}/);
  });
});
