import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aPatientVerifierOf, outcomeOf, REFUSAL, UNAVAILABLE } from '../../testing/verifier.js';
import {
  answering,
  aToken,
  type Behaviour,
  good,
  REFUSED,
  SERVICE_KEY,
  VerifyService,
} from '../../testing/verify-service.js';
import { RemoteApiKeyVerifier } from '../index.js';

const TOKEN = aToken();
const service = new VerifyService();

beforeAll(() => service.start());
afterAll(() => service.stop());
beforeEach(() => {
  service.questions.length = 0;
  service.behaviour = answering(200, good());
});

describe('a key that the service calls good', () => {
  it('yields the caller that the service tells of, one for each request', async () => {
    const { verifier } = aPatientVerifierOf(service);
    const expires_at = '2027-01-01T00:00:00.250000Z';
    service.behaviour = answering(200, good({ valid_until: expires_at }, { expires_at, scopes: ['orders:*'] }));
    const caller = await verifier.execute(TOKEN);
    expect(caller).toMatchObject({
      organization: { id: 'organization-1', name: 'Acme' },
      member: { id: 'member-1', organizationId: 'organization-1', externalId: 'owner', email: null, role: 'org:admin' },
      apiKey: { id: 'key-1', organizationId: 'organization-1', memberId: 'member-1', name: 'CI' },
    });
    expect(caller.apiKey.grant.covers('orders:read')).toBe(true);
    caller.apiKey.expiresAt?.setFullYear(2099);
    expect((await verifier.recall(TOKEN))?.apiKey.expiresAt).toEqual(new Date('2027-01-01T00:00:00.250Z'));
  });

  it.each([
    [true, [], ['a:b', 'c:d'], []],
    [false, [], [], ['a:b', '*']],
    [false, ['a:*'], ['a:b'], ['c:d']],
    [false, ['*'], ['a:b', 'c:d'], []],
  ])('may do what its scopes say; without any nothing, unless it is unrestricted: %s %j', async (...given) => {
    const [unrestricted, scopes, held, missing] = given;
    service.behaviour = answering(200, good({ unrestricted }, { scopes }));
    const { apiKey } = await aPatientVerifierOf(service).verifier.execute(TOKEN);
    expect(apiKey.grant.missing([...held, ...missing])).toEqual(missing);
  });
});

describe('a key that is not accepted', () => {
  it.each(['not_found', 'revoked', 'disabled', 'expired', 'rotated', 'a reason of tomorrow'])(
    'is refused in the same words: %s',
    async (reason) => {
      service.behaviour = answering(200, { valid: false, reason });
      const refused = aPatientVerifierOf(service).verifier.execute(TOKEN);
      await expect(refused).rejects.toMatchObject({ code: REFUSAL, message: 'No valid API key was provided.' });
    },
  );

  it.each(['', ' ', 'junk', TOKEN.slice(1), `${TOKEN}a`, TOKEN.replace('_live_', '_test_'), TOKEN.toUpperCase()])(
    'is not even asked for where it is no token of this service: %j',
    async (junk) => {
      expect(await outcomeOf(aPatientVerifierOf(service).verifier, junk)).toBe(REFUSAL);
      expect(service.questions).toEqual([]);
    },
  );

  it('is asked for in the namespace and environment of the service', async () => {
    const apiKey = SERVICE_KEY;
    expect(() => aPatientVerifierOf(service, { apiKey, environment: 'test' })).toThrow('its keys begin with fth_test_');
  });

  it('is asked for again: a refusal is not remembered', async () => {
    const { verifier } = aPatientVerifierOf(service);
    service.behaviour = answering(200, REFUSED);
    expect(await outcomeOf(verifier, TOKEN)).toBe(REFUSAL);
    service.behaviour = answering(200, good());
    expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
  });
});

/** What is no verdict, and the level that it is logged with. */
const NO_VERDICTS: [string, Behaviour, 'warn' | 'error'][] = [
  ['our own key is wrong', answering(401, { error: 'authentication_required', message: 'No.' }), 'error'],
  ['our own key may not ask', answering(403, { error: 'permission_denied', message: 'No.' }), 'error'],
  ['too many questions', answering(429, { error: 'rate_limited', message: 'No.' }), 'warn'],
  ['no such route', answering(404, { error: 'not_found', message: 'No.' }), 'error'],
  ['the question is not understood', answering(422, { detail: [] }), 'error'],
  ['a fault of the service', answering(500, { error: 'internal_error', message: 'No.' }), 'error'],
  ['a redirect', answering(307, '', { location: '/elsewhere' }), 'error'],
  ['a page', answering(200, `<html>${TOKEN}</html>`), 'error'],
  ['nothing', answering(200, ''), 'error'],
  ['no content', answering(204, ''), 'error'],
  ['null', answering(200, 'null'), 'error'],
  ['a list', answering(200, '[]'), 'error'],
  ['no verdict', answering(200, {}), 'error'],
  ['a text for a verdict', answering(200, good({ valid: 'true' })), 'error'],
  ['an older service, without a caller', answering(200, { valid: true, api_key: {} }), 'error'],
  ['no word on whether it is unrestricted', answering(200, good({ unrestricted: undefined })), 'error'],
  ['"unrestricted" as a text', answering(200, good({ unrestricted: 'false' })), 'error'],
  ['unrestricted, with scopes', answering(200, good({ unrestricted: true })), 'error'],
  ['no scopes', answering(200, good({}, { scopes: null })), 'error'],
  ['a scope that is no text', answering(200, good({}, { scopes: [['*']] })), 'error'],
  ['an end that is no date', answering(200, good({ valid_until: 'tomorrow' })), 'error'],
];

describe('without a verdict', () => {
  it.each(NO_VERDICTS)(
    'nobody passes, and the log has it once, without any key: %s',
    async (_what, behaviour, level) => {
      const { verifier, log } = aPatientVerifierOf(service, { staleIfErrorSeconds: 3600, maxStalenessSeconds: 0 });
      expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
      service.behaviour = behaviour;
      for (let i = 0; i < 3; i += 1) expect(await outcomeOf(verifier, TOKEN)).toBe(UNAVAILABLE);
      expect(log.lines).toEqual([expect.stringMatching(new RegExp(`^${level}: .*[Kk]ey`))]);
      const error: unknown = await verifier.execute(TOKEN).catch((thrown: unknown) => thrown);
      const shown = JSON.stringify([String(error), (error as Error).stack, String((error as Error).cause), log.lines]);
      expect(shown).not.toMatch(/s{32}/);
      service.behaviour = answering(200, good());
      expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
      expect(log.lines.slice(1)).toEqual(['log: The identity service answers again.']);
    },
  );

  it.each([429, 503])('a request may come again when the service says so: %i', async (status) => {
    service.behaviour = answering(status, { error: 'x', message: 'x' }, { 'retry-after': '7' });
    await expect(aPatientVerifierOf(service).verifier.execute(TOKEN)).rejects.toMatchObject({ retryAfterSeconds: 7 });
  });

  it('because our own key is not accepted any more, what it was told counts no more either', async () => {
    const { verifier } = aPatientVerifierOf(service, { staleIfErrorSeconds: 3600 });
    expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
    service.behaviour = answering(401, {});
    expect(await outcomeOf(verifier, aToken('another'))).toBe(UNAVAILABLE);
    expect(await outcomeOf(verifier, TOKEN)).toBe(UNAVAILABLE);
  });
});

describe('options', () => {
  const make = (options: object) => () => {
    const given = { baseUrl: 'http://localhost:8000', apiKey: SERVICE_KEY, ...options };
    return new RemoteApiKeyVerifier(given, console);
  };

  it.each([
    [{ baseUrl: 'localhost:8000' }, 'baseUrl'],
    [{ baseUrl: 'nonsense' }, 'Invalid URL'],
    [{ apiKey: '' }, 'apiKey is no key'],
    [{ apiKey: `${SERVICE_KEY}\n` }, 'apiKey is no key'],
    [{ maxStalenessSeconds: -1 }, 'maxStalenessSeconds'],
    [{ maxStalenessSeconds: NaN }, 'maxStalenessSeconds'],
    [{ staleIfErrorSeconds: Infinity }, 'staleIfErrorSeconds'],
    [{ attemptTimeoutSeconds: 0 }, 'attemptTimeoutSeconds'],
    [{ deadlineSeconds: 0.5 }, 'outlast'],
  ])('that make no sense stop the start, and no key is repeated: %j', (options, message) => {
    expect(make(options)).toThrow(message);
    expect(make(options)).not.toThrow(/s{32}/);
  });
});
