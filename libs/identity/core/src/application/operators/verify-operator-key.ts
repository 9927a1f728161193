import { OPERATOR, type Actor } from '../../domain/actor.js';
import { IdentityError } from '../../domain/identity-error.js';
import { isOperatorKeyActive, type OperatorKey, type StoredOperatorKey } from '../../domain/operator-key.js';
import type { ScopeGrant } from '../../domain/scope-grant.js';
import type { TokenFormat } from '../../domain/token-format.js';
import type { RequestOrigin } from '../keys/grantor.js';
import type { Clock } from '../ports/clock.js';
import type { OperatorKeyRepository } from '../ports/operator-key-repository.js';
import type { SingleFlightVerifier } from '../verification/single-flight-verifier.js';

/** Between two writes of the last use of one key, in milliseconds. */
const USE_INTERVAL_MS = 60_000;

/** Between two questions whether there is an operator key, in milliseconds. */
const LOOK_INTERVAL_MS = 1000;

/** Who calls the operator API: an operator key, or the operator by a session of the console that has no key. */
export interface OperatorCaller {
  /** Of the key, or what the operating system calls the operator. */
  readonly name: string | null;
  readonly grant: ScopeGrant;
  readonly operatorKey: OperatorKey | null;
}

/** The caller that an operator key stands for. */
export function operatorCallerOf(operatorKey: OperatorKey): OperatorCaller {
  return { name: operatorKey.name, grant: operatorKey.grant, operatorKey };
}

/** The actor of what a caller of the operator API does, for the audit log. */
export function operatorActor({ name, operatorKey }: Omit<OperatorCaller, 'grant'>, origin: RequestOrigin): Actor {
  return { ...OPERATOR, name, apiKeyId: operatorKey?.id ?? null, ...origin };
}

/** Authenticates tokens of operator keys, in the order of `VerifyApiKey`: spelling, one read, the secret, the state. */
export class VerifyOperatorKey {
  readonly #usesWritten = new Map<string, number>();
  #isOn = false;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(
    private readonly format: TokenFormat,
    private readonly operatorKeys: OperatorKeyRepository,
    private readonly secretVerifier: SingleFlightVerifier,
    private readonly clock: Clock,
  ) {}

  /**
   * @param plainText - the whole token, as the client sent it
   * @param signal - aborts when the client disconnects; then no hash is started
   * @throws IdentityError `authentication.required`, the same for every reason
   * @throws IdentityError `hashing.overloaded` or `storage.unavailable`: there is no verdict, try again later
   */
  async execute(plainText: string, signal?: AbortSignal): Promise<OperatorKey> {
    const token = this.format.parse(plainText);
    if (token === null) throw refusal();
    const stored = await this.operatorKeys.find(token.keyPrefix);
    if (stored === null) throw refusal();
    this.#isOn = true;
    const verdict = await this.secretVerifier.verify(token, asSecret(stored), signal);
    if (!verdict.valid) throw refusal();
    const { operatorKey } = stored;
    const now = this.clock.now();
    if (!isOperatorKeyActive(operatorKey, now)) throw refusal();
    this.recordUse(operatorKey, now, verdict.renewedProof ?? undefined);
    return operatorKey;
  }

  /**
   * Whether an operator key was ever made. Asks the store at most once a second, and not any more once there is one.
   *
   * @throws IdentityError `storage.unavailable`
   */
  async isOn(): Promise<boolean> {
    const now = performance.now();
    if (!this.#isOn && now - this.#lookedAt >= LOOK_INTERVAL_MS) {
      this.#looking ??= this.look(now).finally(() => (this.#looking = undefined));
      await this.#looking;
    }
    return this.#isOn;
  }

  private async look(now: number): Promise<void> {
    this.#isOn ||= await this.operatorKeys.exists();
    this.#lookedAt = now;
  }

  /** No request waits for the write. One that fails is made with the next use. */
  private recordUse({ id }: OperatorKey, at: Date, renewedProof: string | undefined): void {
    const written = this.#usesWritten.get(id) ?? Number.NEGATIVE_INFINITY;
    if (renewedProof === undefined && at.getTime() - written < USE_INTERVAL_MS) return;
    this.#usesWritten.set(id, at.getTime());
    void this.operatorKeys.recordUse(id, { at, renewedProof }).catch(() => this.#usesWritten.delete(id));
  }
}

function asSecret({ operatorKey: { id, keyPrefix, createdAt }, hash, proof }: StoredOperatorKey) {
  return { id, apiKeyId: id, keyPrefix, createdAt, validUntil: null, lastUsedAt: null, hash, proof };
}

function refusal(): IdentityError {
  return new IdentityError('authentication.required', 'No valid operator key was provided.');
}
