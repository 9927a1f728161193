import type { SecretVerifiers } from '../domain/api-key-secret.js';
import type { Token } from '../domain/token.js';
import { FakeSecretHasher } from './fakes/fake-secret-hasher.js';

/** A fake hasher that counts the hashes it makes, and lets something happen while it makes one. */
export class InterruptedHasher extends FakeSecretHasher {
  hashes = 0;
  meanwhile = async (): Promise<unknown> => undefined;

  override async hash(token: Token): Promise<SecretVerifiers> {
    this.hashes += 1;
    await this.meanwhile();
    return super.hash(token);
  }
}
