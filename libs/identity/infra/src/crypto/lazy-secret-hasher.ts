import { SecretHasher, type SecretVerdict, type SecretVerifiers } from '@feather-identity/core';

/** Makes the real hasher at the first use, and tries again at the next one if that failed. */
export class LazySecretHasher extends SecretHasher {
  #made: Promise<SecretHasher> | undefined;

  constructor(private readonly make: () => Promise<SecretHasher>) {
    super();
  }

  override async hash(...args: Parameters<SecretHasher['hash']>): Promise<SecretVerifiers> {
    return (await this.#hasher()).hash(...args);
  }

  override async verify(...args: Parameters<SecretHasher['verify']>): Promise<SecretVerdict> {
    return (await this.#hasher()).verify(...args);
  }

  #hasher(): Promise<SecretHasher> {
    this.#made ??= this.make().catch((error: unknown) => {
      this.#made = undefined;
      throw error;
    });
    return this.#made;
  }
}
