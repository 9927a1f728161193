import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { Token } from '../../domain/token.js';
import type { SecretHasher, SecretVerdict } from '../ports/secret-hasher.js';

/** Verifies secrets. Concurrent checks of one token share their work, which is abandoned when every caller has left. */
export class SingleFlightVerifier {
  readonly #running = new Map<string, SharedCheck>();

  constructor(private readonly hasher: SecretHasher) {}

  /** As `SecretHasher.verify`. */
  verify(token: Token, secret: ApiKeySecret, signal?: AbortSignal): Promise<SecretVerdict> {
    const id = `${secret.id} ${secret.proof} ${token.reveal()}`;
    const running = this.#running.get(id);
    if (running !== undefined) return running.join(signal);
    const check = new SharedCheck(
      (abandoned) => this.hasher.verify(token, secret, abandoned),
      () => {
        if (this.#running.get(id) === check) this.#running.delete(id);
      },
    );
    this.#running.set(id, check);
    return check.join(signal);
  }
}

class SharedCheck {
  readonly #abandon = new AbortController();
  readonly #verdict: Promise<SecretVerdict>;
  #callers = 0;

  /** @param onEnd - called when nobody may join any more: there is a verdict, or it was abandoned */
  constructor(
    verify: (signal: AbortSignal) => Promise<SecretVerdict>,
    private readonly onEnd: () => void,
  ) {
    this.#verdict = verify(this.#abandon.signal).finally(onEnd);
  }

  async join(signal: AbortSignal | undefined): Promise<SecretVerdict> {
    this.#callers += 1;
    if (signal?.aborted === true) this.#leave();
    else signal?.addEventListener('abort', this.#leave, { once: true });
    try {
      return await this.#verdict;
    } finally {
      signal?.removeEventListener('abort', this.#leave);
    }
  }

  readonly #leave = (): void => {
    this.#callers -= 1;
    if (this.#callers > 0) return;
    // First: a request that comes now must not share a check that is given up.
    this.onEnd();
    this.#abandon.abort();
  };
}
