import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { SecretVerdict } from '../ports/secret-hasher.js';
import { FakeSecretHasher } from '../../testing/fakes/fake-secret-hasher.js';
import { aNewOrganization } from '../../testing/builders.js';
import { TokenFormat } from '../../domain/token-format.js';
import { SingleFlightVerifier } from './single-flight-verifier.js';

const format = new TokenFormat('fth', 'test');
const token = format.compose('aB3xY9zQ', 'A'.repeat(32));

/** Decides when told to, as a queue of hashes does. */
class WaitingHasher extends FakeSecretHasher {
  readonly asked: AbortSignal[] = [];
  readonly #decisions: ((verdict: SecretVerdict) => void)[] = [];

  override verify(_token: unknown, _stored: unknown, signal?: AbortSignal): Promise<SecretVerdict> {
    if (signal !== undefined) this.asked.push(signal);
    return new Promise((resolve) => this.#decisions.push(resolve));
  }

  decideFirst(): void {
    this.#decisions.shift()?.({ valid: true, renewedProof: null });
  }

  decide(verdict: SecretVerdict = { valid: true, renewedProof: null }): void {
    for (const resolve of this.#decisions.splice(0)) resolve(verdict);
  }
}

function setUp() {
  const hasher = new WaitingHasher();
  return { hasher, checks: new SingleFlightVerifier(hasher), secret: aNewOrganization().secret };
}

describe('concurrent checks of secrets', () => {
  it('of one token are one hash, whose verdict all get (RL6)', async () => {
    const { hasher, checks, secret } = setUp();
    const verdicts = Array.from({ length: 100 }, () => checks.verify(token, secret));
    hasher.decide();
    expect(new Set(await Promise.all(verdicts))).toEqual(new Set([{ valid: true, renewedProof: null }]));
    expect(hasher.asked).toHaveLength(1);
  });

  it('of another token, or of a secret whose proof changed, are hashes of their own', async () => {
    const { hasher, checks, secret } = setUp();
    const verdicts = [
      checks.verify(token, secret),
      checks.verify(format.compose('aB3xY9zQ', 'B'.repeat(32)), secret),
      checks.verify(token, { ...secret, proof: 'renewed' }),
      checks.verify(token, { ...secret, id: 'another' }),
    ];
    expect(hasher.asked).toHaveLength(4);
    hasher.decide();
    await Promise.all(verdicts);
  });

  it('share nothing once a verdict is there: the next check asks again', async () => {
    const { hasher, checks, secret } = setUp();
    const first = checks.verify(token, secret);
    hasher.decide({ valid: false });
    expect(await first).toEqual({ valid: false });
    const second = checks.verify(token, secret);
    hasher.decide();
    expect(await second).toEqual({ valid: true, renewedProof: null });
  });

  it('are abandoned only when every caller has left', () => {
    const { hasher, checks, secret } = setUp();
    const callers = [AbortSignal.abort(), new AbortController(), new AbortController()] as const;
    void checks.verify(token, secret, callers[1].signal);
    void checks.verify(token, secret, callers[0]);
    void checks.verify(token, secret, callers[2].signal);
    const [abandoned] = hasher.asked;
    callers[2].abort();
    expect(abandoned?.aborted).toBe(false);
    callers[1].abort();
    expect([abandoned?.aborted, hasher.asked.length]).toEqual([true, 1]);
  });

  it('are never abandoned for a caller who cannot leave', () => {
    const { hasher, checks, secret } = setUp();
    const other = new AbortController();
    void checks.verify(token, secret);
    void checks.verify(token, secret, other.signal);
    other.abort();
    expect(hasher.asked[0]?.aborted).toBe(false);
  });

  it('that were abandoned are shared with nobody, even before they end', async () => {
    const { hasher, checks, secret } = setUp();
    const caller = new AbortController();
    const abandoned = checks.verify(token, secret, caller.signal);
    caller.abort();
    const next = checks.verify(token, secret);
    expect(hasher.asked.map(({ aborted }) => aborted)).toEqual([true, false]);
    hasher.decideFirst();
    await abandoned;
    // The end of the first one does not end the sharing of the second.
    void checks.verify(token, secret);
    hasher.decide();
    await next;
    expect(hasher.asked).toHaveLength(2);
  });

  it('leave nothing behind on a signal that lives on', async () => {
    const { hasher, checks, secret } = setUp();
    const { signal } = new AbortController();
    const verdict = checks.verify(token, secret, signal);
    hasher.decide();
    await verdict;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
