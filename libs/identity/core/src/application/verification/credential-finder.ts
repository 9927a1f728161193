import { isLegacyKey } from '../../domain/imported-api-key.js';
import type { TokenFormat } from '../../domain/token-format.js';
import { ImportedToken, type Token } from '../../domain/token.js';
import type { ApiKeyCredential, ApiKeyRepository } from '../ports/api-key-repository.js';
import type { ImportedKeys } from '../ports/imported-keys.js';

/** A text that may be a key, and the row that it would belong to. Nothing is verified yet. */
export interface PresentedKey {
  readonly token: Token;
  readonly credential: ApiKeyCredential;
}

/** Finds the row of a key: of a token by its public part, of an imported key by its look-up texts. */
export class CredentialFinder {
  constructor(
    private readonly format: TokenFormat,
    private readonly apiKeys: ApiKeyRepository,
    /** Without it, a text that is not spelled like a token is malformed. */
    private readonly importedKeys?: ImportedKeys,
  ) {}

  /** Whether `text` has the length of a token or, if imported keys are accepted, could be one. */
  isPossible(text: string): boolean {
    return this.format.hasLength(text) || (this.importedKeys !== undefined && isLegacyKey(text));
  }

  /** `spelling`: the text is malformed, which costs no query. `unknown`: no row has it. */
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
