import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aPatientVerifierOf, outcomeOf, UNAVAILABLE } from '../../testing/verifier.js';
import { answering, aToken, type Behaviour, good, VerifyService } from '../../testing/verify-service.js';

const TOKEN = aToken();
const service = new VerifyService();

/** Answers that are not a verdict, and the level of their log line. */
const NO_VERDICTS: [string, Behaviour, 'warn' | 'error'][] = [
  ['our own key is wrong', answering(401, { error: 'authentication_required', message: 'No.' }), 'error'],
  ['our own key may not ask', answering(403, { error: 'permission_denied', message: 'No.' }), 'error'],
  ['too many requests', answering(429, { error: 'rate_limited', message: 'No.' }), 'warn'],
  ['no such route', answering(404, { error: 'not_found', message: 'No.' }), 'error'],
  ['the request is not understood', answering(422, { detail: [] }), 'error'],
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
  beforeAll(() => service.start());
  afterAll(() => service.stop());

  it.each(NO_VERDICTS)(
    'no request passes, and the log has one line, without any key: %s',
    async (_what, behaviour, level) => {
      service.behaviour = answering(200, good());
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

  it.each([401, 403])('when our own key is not accepted any more, earlier answers are dropped: %i', async (status) => {
    service.behaviour = answering(200, good());
    const { verifier } = aPatientVerifierOf(service, { staleIfErrorSeconds: 3600 });
    expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
    service.behaviour = answering(status, {});
    expect(await outcomeOf(verifier, aToken('another'))).toBe(UNAVAILABLE);
    expect(await outcomeOf(verifier, TOKEN)).toBe(UNAVAILABLE);
  });
});
