import { isLegacyKey } from '../../domain/imported-api-key.js';
import type { TokenFormat } from '../../domain/token-format.js';
import { ImportedToken, type Token } from '../../domain/token.js';
import type { ApiKeyCredential, ApiKeyRepository } from '../ports/api-key-repository.js';
import type { ImportedKeys } from '../ports/imported-keys.js';

/** A text that may be a key, and what is stored where it would be. Nothing is proven yet. */
export interface PresentedKey {
  readonly token: Token;
  readonly credential: ApiKeyCredential;
}

/** Looks for what a text would open: a token of ours by its public part, a key of another system by its look-up texts. */
export class CredentialFinder {
  constructor(
    private readonly format: TokenFormat,
    private readonly apiKeys: ApiKeyRepository,
    /** Without it a text that is not spelled like a token of ours is junk. */
    private readonly importedKeys?: ImportedKeys,
  ) {}

  /** Whether `text` has the length of a token or, where such are accepted, could be a key of another system. */
  isPossible(text: string): boolean {
    return text.length === this.format.length || (this.importedKeys !== undefined && isLegacyKey(text));
  }

  /** `spelling`: it can be no key, and costs no query. `unknown`: nothing is stored there. */
  async find(text: string): Promise<PresentedKey | 'spelling' | 'unknown'> {
    const token = this.format.parse(text);
    if (token !== null) return this.presented(token);
    const lookups = this.format.resembles(text) ? [] : (this.importedKeys?.lookupsOf(text) ?? []);
    if (lookups.length === 0) return 'spelling';
    const keyPrefix = await this.apiKeys.findImported(lookups);
    return keyPrefix === null ? 'unknown' : this.presented(new ImportedToken(keyPrefix, text));
  }

  private async presented(token: Token): Promise<PresentedKey | 'unknown'> {
    const credential = await this.apiKeys.findCredential(token.keyPrefix);
    return credential === null ? 'unknown' : { token, credential };
  }
}
