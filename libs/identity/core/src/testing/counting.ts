import type { ApiKeyCredential } from '../application/ports/api-key-repository.js';
import type { SecretVerdict } from '../application/ports/secret-hasher.js';
import type { SecretVerifiers } from '../domain/api-key-secret.js';
import type { Token } from '../domain/token.js';
import { FakeSecretHasher } from './fakes/fake-secret-hasher.js';
import { InMemoryApiKeyRepository } from './fakes/in-memory-api-key-repository.js';

/** A fake hasher that counts what it is asked to verify. */
export class CountingSecretHasher extends FakeSecretHasher {
  verifications = 0;

  override verify(token: Token, stored: SecretVerifiers): Promise<SecretVerdict> {
    this.verifications += 1;
    return super.verify(token, stored);
  }
}

/** An in-memory repository that counts its look-ups by public part, and those by look-up texts. */
export class CountingApiKeyRepository extends InMemoryApiKeyRepository {
  lookUps = 0;
  importedLookUps = 0;

  override findCredential(keyPrefix: string): Promise<ApiKeyCredential | null> {
    this.lookUps += 1;
    return super.findCredential(keyPrefix);
  }

  override findImported(lookups: readonly string[]): Promise<string | null> {
    this.importedLookUps += 1;
    return super.findImported(lookups);
  }
}
