import { createHmac } from 'node:crypto';
import { TokenFormat } from '@feather-identity/core';
import { describe, expect, it } from '@jest/globals';
import { HmacProof } from './hmac-proof.js';
import { generatePepper, PepperRing } from './pepper-ring.js';

const format = new TokenFormat('fth', 'live');
const token = format.compose('aB3xY9zQ', 'A'.repeat(32));
const forged = format.compose('aB3xY9zQ', 'B'.repeat(32));

const [first, second, firstAgain] = [generatePepper(1), generatePepper(2), generatePepper(1)];
const proofUnder = (peppers: string) => new HmacProof(PepperRing.parse(peppers));

describe('a proof', () => {
  it('is HMAC-SHA-256 of the whole token under the current pepper', () => {
    const key = Buffer.from(second.slice(2), 'base64url');
    const mac = createHmac('sha256', key).update(token.reveal()).digest('base64url');
    expect(proofUnder(`${second},${first}`).of(token)).toMatch(/^hmac-sha256:v2\.[\w-]{8}:[\w-]{43}$/);
    expect(proofUnder(`${second},${first}`).of(token).split(':')[2]).toBe(mac);
  });

  it('under the current pepper is final, yes or no', () => {
    const proof = proofUnder(first);
    expect(proof.verify(token, proof.of(token))).toBe('valid');
    expect(proof.verify(forged, proof.of(token))).toBe('invalid');
  });

  it('under an older pepper that is still at hand is final too, and says so', () => {
    const stored = proofUnder(first).of(token);
    const rotated = proofUnder(`${second},${first}`);
    expect(rotated.verify(token, stored)).toBe('valid-under-old-pepper');
    expect(rotated.verify(forged, stored)).toBe('invalid');
  });

  it('under a pepper that is gone says nothing', () => {
    expect(proofUnder(second).verify(token, proofUnder(first).of(token))).toBe('unknown');
  });

  it('under another pepper of the same version says nothing rather than no', () => {
    expect(proofUnder(firstAgain).verify(token, proofUnder(first).of(token))).toBe('unknown');
  });

  it('that is damaged, of another scheme or absent says nothing', () => {
    const proof = proofUnder(first);
    const [scheme, id, mac] = proof.of(token).split(':');
    const damaged = [
      null,
      '',
      'x',
      `${scheme}:${id}`,
      `${scheme}:${id}:`,
      `${scheme}:${id}:${mac?.slice(0, -2)}`,
      `hmac-md5:${id}:${mac}`,
      `${scheme}::${mac}`,
      mac ?? '',
    ];
    for (const stored of damaged) expect(proof.verify(token, stored)).toBe('unknown');
  });
});
