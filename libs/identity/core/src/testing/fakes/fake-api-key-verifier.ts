import { ApiKeyVerifier } from '../../application/ports/api-key-verifier.js';
import type { Caller } from '../../domain/caller.js';
import { IdentityError } from '../../domain/identity-error.js';
import { PUBLIC_LENGTH, TokenFormat } from '../../domain/token-format.js';
import { anId } from '../builders.js';

const ANY_ENVIRONMENT = new TokenFormat('fth', 'test');

/** Accepts the keys that it has handed out itself, without a store, a hash or a service behind it, and those of another verifier. */
export class FakeApiKeyVerifier extends ApiKeyVerifier {
  readonly #callers = new Map<string, Caller>();

  /** @param others - accepts further keys. Default: none */
  constructor(private readonly others?: ApiKeyVerifier) {
    super();
  }

  /** A new key of this caller, to be sent as `x-api-key`. It is spelled as real ones are and opens nothing elsewhere. */
  keyFor(caller: Caller): string {
    const secret = anId().replaceAll('-', '');
    const format = new TokenFormat('fth', caller.apiKey.environment ?? 'test');
    const key = format.compose(caller.apiKey.keyPrefix.slice(-PUBLIC_LENGTH), secret).reveal();
    this.#callers.set(key, caller);
    return key;
  }

  override async execute(plainText: string): Promise<Caller> {
    const caller = this.#callers.get(plainText) ?? (await this.others?.execute(plainText));
    if (caller === undefined) throw new IdentityError('authentication.required', 'No valid API key was provided.');
    return caller;
  }

  override verifyCached(plainText: string): Promise<Caller> | undefined {
    return this.#callers.has(plainText) ? this.execute(plainText) : this.others?.verifyCached(plainText);
  }

  override recognizes(plainText: string): boolean {
    return ANY_ENVIRONMENT.hasNamespace(plainText);
  }
}
