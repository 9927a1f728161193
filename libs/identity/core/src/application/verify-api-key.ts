import { ApiKey } from '../domain/api-key.js';
import type { ApiKeySecret } from '../domain/api-key-secret.js';
import type { Caller } from '../domain/caller.js';
import { IdentityError } from '../domain/identity-error.js';
import type { TokenFormat } from '../domain/token-format.js';
import type { LastUsedRecorder } from './last-used-recorder.js';
import type { ApiKeyCredential, ApiKeyRepository } from './ports/api-key-repository.js';
import type { Clock } from './ports/clock.js';
import type { ProofCache } from './ports/proof-cache.js';
import type { SecretVerdict } from './ports/secret-hasher.js';
import type { ProofRenewer } from './proof-renewer.js';
import type { SecretChecks } from './secret-checks.js';
import type { VerificationTally } from './verification-tally.js';

const PROVEN: SecretVerdict = { valid: true, renewedProof: null };

/** What verification is made of. */
export interface VerificationParts {
  readonly format: TokenFormat;
  readonly apiKeys: ApiKeyRepository;
  readonly secretChecks: SecretChecks;
  readonly proofs: ProofCache;
  readonly proofRenewer: ProofRenewer;
  readonly lastUsed: LastUsedRecorder;
  readonly clock: Clock;
  readonly tally: VerificationTally;
}

/**
 * Tells who holds a token, cheapest check first: spelling and checksum, one read, the secret, and only then the state.
 * Throws one and the same `authentication.required` whatever is wrong; other errors mean that no verdict was reached.
 */
export class VerifyApiKey {
  constructor(private readonly parts: VerificationParts) {}

  /** Verifies a token in full. `isAbandoned` tells whether the caller has gone away, so that no hash is made for it. */
  async execute(plainText: string, isAbandoned = () => false): Promise<Caller> {
    const token = this.parts.format.parse(plainText);
    if (token === null) throw this.refusal(plainText === '' ? 'missing' : 'spelling');
    const credential = await this.parts.apiKeys.findCredential(token.keyPrefix);
    if (credential === null) throw this.refusal('unknown');
    const { secret } = credential;
    const verdict = this.wasProven(plainText, secret)
      ? PROVEN
      : await this.parts.secretChecks.verify(token, secret, isAbandoned);
    // The secret is proven before any state counts: who holds only a public part learns nothing about the key.
    if (!verdict.valid) throw this.refusal('secret');
    this.parts.proofs.remember(plainText, secret);
    const caller = this.admit(credential);
    if (verdict.renewedProof !== null) this.parts.proofRenewer.renew(secret, verdict.renewedProof);
    return caller;
  }

  /**
   * The same, without a hash, for a token that this process has proven before; its row and state are looked at all the
   * same. Undefined for any other token.
   */
  recall(plainText: string): Promise<Caller> | undefined {
    if (plainText.length !== this.parts.format.length) return undefined;
    const proven = this.parts.proofs.recall(plainText);
    if (proven === undefined) return undefined;
    return this.parts.apiKeys
      .findCredential(proven.keyPrefix)
      .then((credential) => this.admitProven(plainText, proven, credential));
  }

  /** Asked again after the look-up: another request may have proven this token meanwhile. */
  private wasProven(plainText: string, secret: ApiKeySecret): boolean {
    const proven = this.parts.proofs.recall(plainText);
    return proven !== undefined && hasSameVerifiers(secret, proven);
  }

  private admitProven(
    plainText: string,
    proven: ApiKeySecret,
    credential: ApiKeyCredential | null,
  ): Caller | Promise<Caller> {
    if (credential === null || !hasSameVerifiers(credential.secret, proven)) return this.execute(plainText);
    this.parts.tally.recalled += 1;
    return this.admit(credential);
  }

  private admit(credential: ApiKeyCredential): Caller {
    const now = this.parts.clock.now();
    if (!isUsable(credential, now)) throw this.refusal('state');
    this.parts.lastUsed.record(credential.apiKey.id, now);
    this.parts.tally.accepted += 1;
    const { organization, member, apiKey } = credential;
    return {
      organization,
      member,
      apiKey: apiKey.expiresAt === null ? apiKey : withOwnExpiry(apiKey, apiKey.expiresAt),
    };
  }

  private refusal(stage: keyof VerificationTally['refused']): IdentityError {
    this.parts.tally.refused[stage] += 1;
    return new IdentityError('authentication.required', 'No valid API key was provided.');
  }
}

/** The repository may share what it found: a handler that changed this date would move the end of the key. */
function withOwnExpiry(apiKey: ApiKey, expiresAt: Date): ApiKey {
  return new ApiKey(Object.assign({}, apiKey, { expiresAt: new Date(expiresAt) }));
}

/** A secret never gets another token; a row that was changed by hand is proven anew all the same. */
function hasSameVerifiers(stored: ApiKeySecret, proven: ApiKeySecret): boolean {
  return (
    stored === proven ||
    (stored.id === proven.id && stored.proof === proven.proof && stored.bcryptHash === proven.bcryptHash)
  );
}

function isUsable({ organization, apiKey, secret }: ApiKeyCredential, at: Date): boolean {
  return (
    organization.disabledAt === null && apiKey.isActive(at) && (secret.validUntil === null || at < secret.validUntil)
  );
}
