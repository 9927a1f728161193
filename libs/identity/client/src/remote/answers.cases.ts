import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aPatientVerifierOf, aVerifierOf, outcomeOf, REFUSAL, UNAVAILABLE } from '../../testing/verifier.js';
import { answering, aToken, good, REFUSED, SERVICE_KEY, VerifyService } from '../../testing/verify-service.js';

const TOKEN = aToken();
const TYPO = TOKEN.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
const service = new VerifyService();

describe('answers of the service', () => {
  beforeAll(() => service.start());
  afterAll(() => service.stop());
  beforeEach(() => {
    service.verifiedTokens.length = 0;
    service.behaviour = answering(200, good());
  });

  describe('a valid key', () => {
    it('yields the caller that the service describes, a copy for each request', async () => {
      const { verifier } = aPatientVerifierOf(service);
      const expires_at = '2027-01-01T00:00:00.250000Z';
      service.behaviour = answering(200, good({ valid_until: expires_at }, { expires_at, scopes: ['orders:*'] }));
      const caller = await verifier.execute(TOKEN);
      expect(caller).toMatchObject({
        organization: { id: 'organization-1', name: 'Acme' },
        member: {
          id: 'member-1',
          organizationId: 'organization-1',
          externalId: 'owner',
          email: null,
          role: 'org:admin',
        },
        apiKey: { id: 'key-1', organizationId: 'organization-1', memberId: 'member-1', name: 'CI' },
      });
      expect(caller.apiKey.grant.covers('orders:read')).toBe(true);
      caller.apiKey.expiresAt?.setFullYear(2099);
      expect((await verifier.verifyCached(TOKEN))?.apiKey.expiresAt).toEqual(new Date('2027-01-01T00:00:00.250Z'));
    });

    it('has the metadata of its key, and none from a service that knows of none', async () => {
      const metadata = { plan: 'large' };
      service.behaviour = answering(200, good({ api_key: { metadata } }));
      expect((await aPatientVerifierOf(service).verifier.execute(TOKEN)).apiKey.metadata).toEqual(metadata);
      service.behaviour = answering(200, good());
      expect((await aPatientVerifierOf(service).verifier.execute(TOKEN)).apiKey.metadata).toBeNull();
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

  describe('the limits and networks of a key', () => {
    const bounds = {
      rate_limit: { requests: 5, seconds: 60 },
      quota: { requests: 100, period: 'month' },
      allowed_networks: ['192.0.2.0/24'],
    };

    it('come with its caller, for the guard, which says that it checks them', async () => {
      const { verifier } = aPatientVerifierOf(service);
      service.behaviour = answering(200, good({ api_key: { id: 'key-1', ...bounds } }));
      const expected = {
        rateLimit: bounds.rate_limit,
        quota: bounds.quota,
        allowedNetworks: bounds.allowed_networks,
      };
      expect((await verifier.execute(TOKEN)).apiKey).toMatchObject(expected);
      expect((await verifier.verifyCached(TOKEN))?.apiKey).toMatchObject(expected);
      expect(service.lastHeaders['x-checks-networks']).toBe('true');
    });

    it('are none where a service of before does not say any', async () => {
      const { apiKey } = await aPatientVerifierOf(service).verifier.execute(TOKEN);
      expect(apiKey).toMatchObject({ rateLimit: null, quota: null, allowedNetworks: null });
    });

    it.each([
      { rate_limit: { requests: 0, seconds: 60 } },
      { rate_limit: 5 },
      { quota: { requests: 1, period: 'year' } },
      { allowed_networks: '192.0.2.0/24' },
      { allowed_networks: [1] },
    ])('that cannot be read are no verdict: %j', async (bound) => {
      service.behaviour = answering(200, good({ api_key: { ...bounds, ...bound } }));
      expect(await outcomeOf(aPatientVerifierOf(service).verifier, TOKEN)).toBe(UNAVAILABLE);
    });
  });

  describe('a key of another system', () => {
    const KEY = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';

    it('is verified by the service and cached, if the service accepts such keys', async () => {
      const { verifier } = aPatientVerifierOf(service, { importedKeys: true });
      for (const each of [KEY, KEY, TOKEN]) expect(await outcomeOf(verifier, each)).toBe('accepted');
      expect(service.verifiedTokens).toHaveLength(2);
    });

    it('is meant as a key, if the service accepts such keys; tokens of the namespace always are, JWTs never', () => {
      const texts = [
        TOKEN,
        TYPO,
        'fth_other_x',
        KEY,
        `eyJhbGciOiJIUzI1NiJ9.${'e'.repeat(40)}.s`,
        'short',
        `${KEY}, ${KEY}`,
      ];
      const meant = (importedKeys: boolean) => {
        const { verifier } = aVerifierOf(service, { importedKeys });
        return texts.filter((text) => verifier.recognizes(text));
      };
      expect([meant(true), meant(false)]).toEqual([texts.slice(0, 4), texts.slice(0, 3)]);
    });

    it('is junk elsewhere', async () => {
      expect(await outcomeOf(aPatientVerifierOf(service).verifier, KEY)).toBe(REFUSAL);
      expect(service.verifiedTokens).toEqual([]);
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
      'never reaches the service if it is no token of this service: %j',
      async (junk) => {
        expect(await outcomeOf(aPatientVerifierOf(service).verifier, junk)).toBe(REFUSAL);
        expect(service.verifiedTokens).toEqual([]);
      },
    );

    it.each(['', ' ', 'junk', 'x'.repeat(513), 'sk_live_ 4eC39HqLyj', TYPO])(
      'never reaches the service if it is no key of another system either: %j',
      async (junk) => {
        const { verifier } = aPatientVerifierOf(service, { importedKeys: true });
        service.behaviour = answering(200, REFUSED);
        expect(await outcomeOf(verifier, junk)).toBe(REFUSAL);
        expect(service.verifiedTokens).toEqual([]);
      },
    );

    it('is parsed in the namespace and environment of the service', async () => {
      const apiKey = SERVICE_KEY;
      expect(() => aPatientVerifierOf(service, { apiKey, environment: 'test' })).toThrow(
        'its keys begin with fth_test_',
      );
    });

    it('is verified again: a refusal is not cached', async () => {
      const { verifier } = aPatientVerifierOf(service);
      service.behaviour = answering(200, REFUSED);
      expect(await outcomeOf(verifier, TOKEN)).toBe(REFUSAL);
      service.behaviour = answering(200, good());
      expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
    });
  });
});
