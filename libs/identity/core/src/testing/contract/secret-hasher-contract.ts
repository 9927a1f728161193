import assert from 'node:assert/strict';
import type { SecretHasher } from '../../application/ports/secret-hasher.js';
import type { SecretVerifiers } from '../../domain/api-key-secret.js';
import { TokenFormat } from '../../domain/token-format.js';
import { assertRefused, type ContractCase } from './contract-case.js';

/** The hasher under test. */
export interface SecretHasherHarness {
  readonly hasher: SecretHasher;
}

const format = new TokenFormat('fth', 'test');
const SECRET = 'Zk3v9QpXw7LmT2cRbN5yHs8DfGa1JeUo';
const token = format.compose('aB3xY9zQ', SECRET);

const IMPOSTORS = {
  'with another secret': format.compose('aB3xY9zQ', 'Zk3v9QpXw7LmT2cRbN5yHs8DfGa1JeUO'),
  'with the same secret under another public part': format.compose('aB3xY9zq', SECRET),
  'of another environment': new TokenFormat('fth', 'live').compose('aB3xY9zQ', SECRET),
} as const;

/** Stored values that no hasher made; as hash and as proof at once. */
const DAMAGED: readonly (string | null)[] = [
  null,
  '',
  ':',
  '::',
  'junk',
  'md5:v1:d41d8cd98f00b204e9800998ecf8427e',
  '$2b$10$short',
  '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub',
  '\u0000',
  '👩‍🚀'.repeat(100),
  SECRET,
  token.reveal(),
];

const impostorCases = Object.entries(IMPOSTORS).map(([name, impostor]): ContractCase<SecretHasherHarness> => ({
  promise: `a token ${name} is refused`,
  async run({ hasher }) {
    assert.deepEqual(await hasher.verify(impostor, await hasher.hash(token)), { valid: false });
  },
}));

/** Every promise of `SecretHasher`. */
export const secretHasherContract: readonly ContractCase<SecretHasherHarness>[] = [
  {
    promise: 'the token that the verifiers were made of is valid, with nothing to renew',
    async run({ hasher }) {
      assert.deepEqual(await hasher.verify(token, await hasher.hash(token)), { valid: true, renewedProof: null });
    },
  },
  ...impostorCases,
  {
    promise: 'verifiers name their scheme, hold nothing of the secret and differ for every token',
    async run({ hasher }) {
      const first = valuesOf(await hasher.hash(token));
      const second = valuesOf(await hasher.hash(IMPOSTORS['with another secret']));
      assert.ok(first.length > 0);
      for (const value of first) {
        assert.match(value, /^(?:\$\w+\$|[\w-]+:)/);
        assert.ok(!value.includes(SECRET) && !value.includes(Buffer.from(SECRET).toString('base64url')));
        assert.ok(!second.includes(value));
      }
    },
  },
  {
    promise: 'damaged stored values and unknown schemes are a no and never throw',
    async run({ hasher }) {
      for (const value of DAMAGED) {
        assert.deepEqual(await hasher.verify(token, { hash: value, proof: value }), { valid: false });
      }
    },
  },
  {
    promise: 'a hash or proof with its last character cut is a no',
    async run({ hasher }) {
      const { hash, proof } = await hasher.hash(token);
      const cut: SecretVerifiers = { hash: hash?.slice(0, -1) ?? null, proof: proof?.slice(0, -1) ?? null };
      assert.deepEqual(await hasher.verify(token, cut), { valid: false });
    },
  },
  {
    promise: 'a proof that is renewed verifies afterwards with nothing to renew',
    async run({ hasher }) {
      const { hash } = await hasher.hash(token);
      const verdict = await hasher.verify(token, { hash, proof: null });
      assert.equal(verdict.valid, hash !== null);
      if (!verdict.valid) return;
      assert.notEqual(verdict.renewedProof, null);
      const renewed = await hasher.verify(token, { hash, proof: verdict.renewedProof });
      assert.deepEqual(renewed, { valid: true, renewedProof: null });
    },
  },
  {
    promise: 'a check that was abandoned ends in its verdict or is refused as overload, and is never a no',
    async run({ hasher }) {
      const { hash, proof } = await hasher.hash(token);
      for (const stored of [{ hash, proof }, ...(hash === null ? [] : [{ hash, proof: null }])]) {
        const check = hasher.verify(token, stored, AbortSignal.abort());
        const verdict = await check.catch(() => null);
        if (verdict === null) await assertRefused(check, 'hashing.overloaded');
        else assert.equal(verdict.valid, true);
      }
    },
  },
];

function valuesOf({ hash, proof }: SecretVerifiers): string[] {
  return [hash, proof].filter((value) => value !== null);
}
