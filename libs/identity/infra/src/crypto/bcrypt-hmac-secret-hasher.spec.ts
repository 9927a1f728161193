import { type SecretVerifiers, TokenFormat } from '@feather-identity/core';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { BcryptHmacSecretHasher, type SecretScheme } from './bcrypt-hmac-secret-hasher.js';
import { HashingQueue } from './hashing-queue.js';
import { BcryptVerifier } from './bcrypt-verifier.js';
import { HmacProof } from './hmac-proof.js';
import { generatePepper, PepperRing } from './pepper-ring.js';

const format = new TokenFormat('fth', 'live');
const token = format.compose('aB3xY9zQ', 'A'.repeat(32));
const forged = format.compose('aB3xY9zQ', 'B'.repeat(32));
const [oldPepper, newPepper] = [generatePepper(1), generatePepper(2)];

let queue: HashingQueue;
let stored: SecretVerifiers;

function hasherWith(peppers: string, scheme?: SecretScheme): BcryptHmacSecretHasher {
  return new BcryptHmacSecretHasher(new BcryptVerifier(4, queue), new HmacProof(PepperRing.parse(peppers)), scheme);
}

beforeEach(async () => {
  queue = new HashingQueue();
  stored = await hasherWith(oldPepper).hash(token);
});

describe('while the pepper is known', () => {
  it('bcrypt runs neither for a valid nor for a forged secret', async () => {
    const hasher = hasherWith(oldPepper);
    await expect(hasher.verify(token, stored)).resolves.toEqual({ valid: true, renewedProof: null });
    await expect(hasher.verify(forged, stored)).resolves.toEqual({ valid: false });
    expect(queue.checks).toBe(0);
  });

  it('an older pepper verifies without bcrypt and yields a proof under the current one', async () => {
    const hasher = hasherWith(`${newPepper},${oldPepper}`);
    await expect(hasher.verify(token, stored)).resolves.toEqual({
      valid: true,
      renewedProof: expect.stringMatching(/^hmac-sha256:v2\./),
    });
    await expect(hasher.verify(forged, stored)).resolves.toEqual({ valid: false });
    expect(queue.checks).toBe(0);
  });
});

describe('when the pepper is lost', () => {
  it('bcrypt runs once, and the renewed proof spares it from then on (KH6)', async () => {
    const hasher = hasherWith(newPepper);
    const verdict = await hasher.verify(token, stored);
    expect(verdict).toEqual({ valid: true, renewedProof: expect.any(String) });
    expect(queue.checks).toBe(1);
    const proof = verdict.valid ? verdict.renewedProof : null;
    await expect(hasher.verify(token, { ...stored, proof })).resolves.toEqual({ valid: true, renewedProof: null });
    await expect(hasher.verify(forged, { ...stored, proof })).resolves.toEqual({ valid: false });
    expect(queue.checks).toBe(1);
  });

  it('a forged secret is refused by bcrypt', async () => {
    await expect(hasherWith(newPepper).verify(forged, stored)).resolves.toEqual({ valid: false });
    expect(queue.checks).toBe(1);
  });

  it('a secret that has no bcrypt hash is refused', async () => {
    const proofOnly = { ...stored, hash: null };
    await expect(hasherWith(newPepper).verify(token, proofOnly)).resolves.toEqual({ valid: false });
    expect(queue.checks).toBe(0);
  });

  it('a check that nobody waits for any more is given up', async () => {
    const abandoned = hasherWith(newPepper).verify(token, stored, AbortSignal.abort());
    await expect(abandoned).rejects.toMatchObject({ code: 'hashing.overloaded' });
    expect(queue.checks).toBe(0);
  });
});

describe('in an installation of proofs alone', () => {
  it('a secret is stored without bcrypt, and is lost with its pepper', async () => {
    const hashes = queue.hashes;
    const proofAlone = await hasherWith(oldPepper, 'hmac-sha256').hash(token);
    expect(proofAlone).toEqual({ hash: null, proof: stored.proof });
    expect(queue.hashes).toBe(hashes);
    await expect(hasherWith(newPepper, 'hmac-sha256').verify(token, proofAlone)).resolves.toEqual({ valid: false });
  });

  it('a secret with a bcrypt hash outlives its pepper, and moves to the new one', async () => {
    const hasher = hasherWith(newPepper, 'hmac-sha256');
    const verdict = await hasher.verify(token, stored);
    expect(verdict).toEqual({ valid: true, renewedProof: expect.stringMatching(/^hmac-sha256:v2\./) });
    expect(queue.checks).toBe(1);
  });

  it('a secret without one verifies where secrets get both', async () => {
    const proofAlone = await hasherWith(oldPepper, 'hmac-sha256').hash(token);
    const hasher = hasherWith(`${newPepper},${oldPepper}`, 'bcrypt');
    await expect(hasher.verify(token, proofAlone)).resolves.toMatchObject({ valid: true });
    await expect(hasher.verify(forged, proofAlone)).resolves.toEqual({ valid: false });
  });
});
