import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { Token } from '../../domain/token.js';
import type { SecretHasher, SecretVerdict } from '../ports/secret-hasher.js';

interface RunningCheck {
  readonly verdict: Promise<SecretVerdict>;
  /** One for each waiting caller: whether it has gone away. */
  readonly waiting: (() => boolean)[];
}

/** Checks secrets; concurrent checks of one token share their work, which ends when every caller has gone away. */
export class SingleFlightVerifier {
  readonly #running = new Map<string, RunningCheck>();

  constructor(private readonly hasher: SecretHasher) {}

  /** As `SecretHasher.verify`. */
  verify(token: Token, secret: ApiKeySecret, isAbandoned: () => boolean): Promise<SecretVerdict> {
    const id = `${secret.id} ${secret.proof} ${token.reveal()}`;
    const running = this.#running.get(id);
    if (running !== undefined) {
      running.waiting.push(isAbandoned);
      return running.verdict;
    }
    const waiting = [isAbandoned];
    const verdict = this.hasher
      .verify(token, secret, () => waiting.every((each) => each()))
      .finally(() => this.#running.delete(id));
    this.#running.set(id, { verdict, waiting });
    return verdict;
  }
}
