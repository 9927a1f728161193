import * as crypto from 'node:crypto';
import { ApiKeyVerifier, type Caller, IdentityError, isLegacyKey, TokenFormat } from '@feather-identity/core';
import { createIdentityClient } from '../identity-client.js';
import { CallerCache } from './caller-cache.js';
import { VerificationUnavailable } from './verification-unavailable.js';
import { VerifyQueue } from './verify-queue.js';
import { readOptions, type RemoteVerifierOptions } from './remote-verifier.options.js';
import { ServiceHealth, type VerifierLog } from './service-health.js';
import { Stopwatch } from './stopwatch.js';
import { callerFrom, type RemoteCaller, type Verdict } from './verdict.js';
import { VerifyEndpoint } from './verify-endpoint.js';

/**
 * Tells who holds a token by asking a running service, and remembers the answer for a short, stated time. What it cannot
 * find out it does not let pass: `verification.unavailable`, within the deadline.
 */
export class RemoteApiKeyVerifier extends ApiKeyVerifier {
  readonly #format: TokenFormat;
  readonly #importedKeys: boolean;
  readonly #known: CallerCache;
  readonly #questions: VerifyQueue;

  /** Throws for options that make no sense, without repeating the key among them. */
  constructor(options: RemoteVerifierOptions, log: VerifierLog) {
    super();
    const { namespace, environment, clock, ...settings } = readOptions(options);
    this.#format = new TokenFormat(namespace, environment);
    this.#importedKeys = settings.importedKeys;
    if (this.#format.parse(settings.apiKey) === null) {
      throw new Error(`apiKey is no key of this service: its keys begin with ${namespace}_${environment}_.`);
    }
    const stopwatch = new Stopwatch(clock);
    const endpoint = new VerifyEndpoint(createIdentityClient(settings), settings.attemptTimeoutSeconds * 1000);
    const health = new ServiceHealth(log, () => endpoint.isReachable());
    const known = new CallerCache(settings, clock, stopwatch);
    this.#known = known;
    this.#questions = new VerifyQueue({
      endpoint,
      known,
      health,
      stopwatch,
      deadlineMs: settings.deadlineSeconds * 1000,
    });
  }

  override async execute(plainText: string): Promise<Caller> {
    if (!this.isSpelled(plainText)) throw refusal();
    const verdict = await this.verdictOn(plainText, digestOf(plainText));
    if (verdict === 'refused') throw refusal();
    return callerFrom(verdict);
  }

  override verifyCached(plainText: string): Promise<Caller> | undefined {
    if (plainText.length !== this.#format.length && !this.isLegacy(plainText)) return undefined;
    const known = this.#known.fresh(digestOf(plainText));
    return known && Promise.resolve(callerFrom(known));
  }

  /** Whether the text could be a key: about others the service need not be asked. */
  private isSpelled(text: string): boolean {
    if (this.#format.resembles(text)) return this.#format.parse(text) !== null;
    return this.isLegacy(text);
  }

  private isLegacy(text: string): boolean {
    return this.#importedKeys && isLegacyKey(text);
  }

  private async verdictOn(plainText: string, digest: string): Promise<Verdict> {
    try {
      return this.#known.fresh(digest) ?? (await this.#questions.ask(digest, plainText));
    } catch (error) {
      return this.withoutVerdict(digest, error);
    }
  }

  /** Throws unless the service cannot be reached and its last answer may be used until it can. */
  private withoutVerdict(digest: string, error: unknown): RemoteCaller {
    if (!(error instanceof VerificationUnavailable)) throw error;
    // Anyone who sends enough keys, or slow ones, can cause the other reasons, to keep a revoked one alive.
    const known = error.reason === 'unreachable' ? this.#known.whileUnreachable(digest) : undefined;
    if (known !== undefined) return known;
    throw new IdentityError('verification.unavailable', 'API keys cannot be verified right now. Try again shortly.', {
      cause: error,
      retryAfterSeconds: error.retryAfterSeconds,
    });
  }
}

/** What a token is known by: the token itself is kept nowhere. */
function digestOf(plainText: string): string {
  return crypto.hash('sha256', plainText, 'base64');
}

function refusal(): IdentityError {
  return new IdentityError('authentication.required', 'No valid API key was provided.');
}
