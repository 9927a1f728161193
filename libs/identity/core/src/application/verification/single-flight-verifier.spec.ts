import { describe, expect, it } from '@jest/globals';
import type { SecretVerdict } from '../ports/secret-hasher.js';
import { FakeSecretHasher } from '../../testing/fakes/fake-secret-hasher.js';
import { aNewOrganization } from '../../testing/builders.js';
import { TokenFormat } from '../../domain/token-format.js';
import { SingleFlightVerifier } from './single-flight-verifier.js';

const format = new TokenFormat('fth', 'test');
const token = format.compose('aB3xY9zQ', 'A'.repeat(32));
const present = () => false;

/** Decides when told to, as a queue of hashes does. */
class WaitingHasher extends FakeSecretHasher {
  readonly asked: (() => boolean)[] = [];
  readonly #decisions: ((verdict: SecretVerdict) => void)[] = [];

  override verify(_token: unknown, _stored: unknown, isAbandoned = present): Promise<SecretVerdict> {
    this.asked.push(isAbandoned);
    return new Promise((resolve) => this.#decisions.push(resolve));
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
    const verdicts = Array.from({ length: 100 }, () => checks.verify(token, secret, present));
    hasher.decide();
    expect(new Set(await Promise.all(verdicts))).toEqual(new Set([{ valid: true, renewedProof: null }]));
    expect(hasher.asked).toHaveLength(1);
  });

  it('of another token, or of a secret whose proof changed, are hashes of their own', async () => {
    const { hasher, checks, secret } = setUp();
    const verdicts = [
      checks.verify(token, secret, present),
      checks.verify(format.compose('aB3xY9zQ', 'B'.repeat(32)), secret, present),
      checks.verify(token, { ...secret, proof: 'renewed' }, present),
      checks.verify(token, { ...secret, id: 'another' }, present),
    ];
    expect(hasher.asked).toHaveLength(4);
    hasher.decide();
    await Promise.all(verdicts);
  });

  it('share nothing once a verdict is there: the next check asks again', async () => {
    const { hasher, checks, secret } = setUp();
    const first = checks.verify(token, secret, present);
    hasher.decide({ valid: false });
    expect(await first).toEqual({ valid: false });
    const second = checks.verify(token, secret, present);
    hasher.decide();
    expect(await second).toEqual({ valid: true, renewedProof: null });
  });

  it('are abandoned only when every caller has gone away', () => {
    const { hasher, checks, secret } = setUp();
    const gone = [true, false, true];
    gone.forEach((_, index) => void checks.verify(token, secret, () => gone[index] === true));
    expect(hasher.asked[0]?.()).toBe(false);
    gone[1] = true;
    expect(hasher.asked[0]?.()).toBe(true);
  });
});
