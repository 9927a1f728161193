import { describe, it } from '@jest/globals';
import type { SecretVerdict } from '../../application/ports/secret-hasher.js';
import type { SecretVerifiers } from '../../domain/api-key-secret.js';
import type { Token } from '../../domain/token.js';
import { FakeSecretHasher } from '../fakes/fake-secret-hasher.js';
import { assertCatches } from './contract-case.js';
import { secretHasherContract } from './secret-hasher-contract.js';

class BelievesAnyone extends FakeSecretHasher {
  override async verify(): Promise<SecretVerdict> {
    return { valid: true, renewedProof: null };
  }
}

class BelievesNobody extends FakeSecretHasher {
  override async verify(): Promise<SecretVerdict> {
    return { valid: false };
  }
}

class KeepsThePlainText extends FakeSecretHasher {
  override async hash(token: Token): Promise<SecretVerifiers> {
    return { hash: `plain:${token.secret}`, proof: null };
  }
}

class ProvesTheSecretPartAlone extends FakeSecretHasher {
  override verify(token: Token, { hash }: SecretVerifiers): Promise<SecretVerdict> {
    return super.verify(token, { hash, proof: null });
  }
}

class AnswersNobodyWithNo extends FakeSecretHasher {
  override verify(token: Token, stored: SecretVerifiers, signal?: AbortSignal): Promise<SecretVerdict> {
    return signal?.aborted === true ? Promise.resolve({ valid: false }) : super.verify(token, stored);
  }
}

class ForgetsWhyItGaveUp extends FakeSecretHasher {
  override async verify(token: Token, stored: SecretVerifiers, signal?: AbortSignal): Promise<SecretVerdict> {
    if (signal?.aborted === true) throw new Error('nobody waits');
    return super.verify(token, stored);
  }
}

const CAUGHT = [
  [BelievesAnyone, 'a token with another secret is refused'],
  [BelievesAnyone, 'damaged stored values'],
  [BelievesAnyone, 'a hash or proof with its last character cut'],
  [BelievesNobody, 'the token that the verifiers were made of is valid'],
  [KeepsThePlainText, 'verifiers name their scheme'],
  [ProvesTheSecretPartAlone, 'a token with the same secret under another public part'],
  [AnswersNobodyWithNo, 'a check that was abandoned'],
  [ForgetsWhyItGaveUp, 'a check that was abandoned'],
] as const;

describe('the contract of a secret hasher', () => {
  for (const [Hasher, promise] of CAUGHT) {
    it(`catches one that ${Hasher.name}: ${promise}`, () =>
      assertCatches(secretHasherContract, promise, { hasher: new Hasher() }));
  }
});
