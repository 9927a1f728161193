import { type SecretVerifiers, type Token, TokenFormat } from '@feather-identity/core';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { BcryptHmacSecretHasher } from './bcrypt-hmac-secret-hasher.js';
import { BcryptVerifier } from './bcrypt-verifier.js';
import { HmacProof } from './hmac-proof.js';
import { generatePepper, PepperRing } from './pepper-ring.js';

class CountingBcrypt extends BcryptVerifier {
  verifications = 0;

  override verify(token: Token, storedHash: string): Promise<boolean> {
    this.verifications += 1;
    return super.verify(token, storedHash);
  }
}

const format = new TokenFormat('fth', 'live');
const token = format.compose('aB3xY9zQ', 'A'.repeat(32));
const forged = format.compose('aB3xY9zQ', 'B'.repeat(32));
const [oldPepper, newPepper] = [generatePepper(1), generatePepper(2)];

let bcrypt: CountingBcrypt;
let stored: SecretVerifiers;

function hasherWith(peppers: string): BcryptHmacSecretHasher {
  return new BcryptHmacSecretHasher(bcrypt, new HmacProof(PepperRing.parse(peppers)));
}

beforeEach(async () => {
  bcrypt = new CountingBcrypt(4);
  stored = await hasherWith(oldPepper).hash(token);
});

describe('while the pepper is known', () => {
  it('bcrypt runs neither for a valid nor for a forged secret', async () => {
    const hasher = hasherWith(oldPepper);
    await expect(hasher.verify(token, stored)).resolves.toEqual({ valid: true, renewedProof: null });
    await expect(hasher.verify(forged, stored)).resolves.toEqual({ valid: false });
    expect(bcrypt.verifications).toBe(0);
  });

  it('an older pepper verifies without bcrypt and yields a proof under the current one', async () => {
    const hasher = hasherWith(`${newPepper},${oldPepper}`);
    await expect(hasher.verify(token, stored)).resolves.toEqual({
      valid: true,
      renewedProof: expect.stringMatching(/^hmac-sha256:v2\./),
    });
    await expect(hasher.verify(forged, stored)).resolves.toEqual({ valid: false });
    expect(bcrypt.verifications).toBe(0);
  });
});

describe('when the pepper is lost', () => {
  it('bcrypt runs once, and the renewed proof spares it from then on (KH6)', async () => {
    const hasher = hasherWith(newPepper);
    const verdict = await hasher.verify(token, stored);
    expect(verdict).toEqual({ valid: true, renewedProof: expect.any(String) });
    expect(bcrypt.verifications).toBe(1);
    const proof = verdict.valid ? verdict.renewedProof : null;
    await expect(hasher.verify(token, { ...stored, proof })).resolves.toEqual({ valid: true, renewedProof: null });
    await expect(hasher.verify(forged, { ...stored, proof })).resolves.toEqual({ valid: false });
    expect(bcrypt.verifications).toBe(1);
  });

  it('a forged secret is refused by bcrypt', async () => {
    await expect(hasherWith(newPepper).verify(forged, stored)).resolves.toEqual({ valid: false });
    expect(bcrypt.verifications).toBe(1);
  });

  it('a secret that has no bcrypt hash is refused', async () => {
    const proofOnly = { ...stored, bcryptHash: null };
    await expect(hasherWith(newPepper).verify(token, proofOnly)).resolves.toEqual({ valid: false });
    expect(bcrypt.verifications).toBe(0);
  });
});
