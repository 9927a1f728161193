import type { Caller } from '../domain/caller.js';
import { IdentityError } from '../domain/identity-error.js';
import type { TokenFormat } from '../domain/token-format.js';
import type { LastUsedRecorder } from './last-used-recorder.js';
import type { ApiKeyCredential, ApiKeyRepository } from './ports/api-key-repository.js';
import type { Clock } from './ports/clock.js';
import type { SecretHasher } from './ports/secret-hasher.js';

/**
 * Tells who holds a token, cheapest check first: spelling and checksum, one read, the secret, and only then the state.
 * Throws one and the same `authentication.required` whatever is wrong; other errors mean that no verdict was reached.
 */
export class VerifyApiKey {
  constructor(
    private readonly format: TokenFormat,
    private readonly apiKeys: ApiKeyRepository,
    private readonly hasher: SecretHasher,
    private readonly clock: Clock,
    private readonly lastUsed: LastUsedRecorder,
  ) {}

  async execute(plainText: string): Promise<Caller> {
    const token = this.format.parse(plainText);
    if (token === null) throw refused();
    const credential = await this.apiKeys.findCredential(token.keyPrefix);
    if (credential === null) throw refused();
    const verdict = await this.hasher.verify(token, credential.secret);
    // The secret is proven before any state counts: who holds only a public part learns nothing about the key.
    if (!verdict.valid) throw refused();
    const now = this.clock.now();
    if (!isUsable(credential, now)) throw refused();
    if (verdict.renewedProof !== null) {
      await this.apiKeys.replaceProof(credential.secret.id, credential.secret.proof, verdict.renewedProof);
    }
    this.lastUsed.record(credential.apiKey.id, now);
    const { organization, member, apiKey } = credential;
    return { organization, member, apiKey };
  }
}

function isUsable({ organization, apiKey, secret }: ApiKeyCredential, at: Date): boolean {
  return (
    organization.disabledAt === null && apiKey.isActive(at) && (secret.validUntil === null || at < secret.validUntil)
  );
}

function refused(): IdentityError {
  return new IdentityError('authentication.required', 'No valid API key was provided.');
}
