import * as crypto from 'node:crypto';
import {
  ApiKeyVerifier,
  type Caller,
  IdentityError,
  isJwt,
  isLegacyKey,
  OPERATOR_ENVIRONMENT,
  TokenFormat,
} from '@feather-identity/core';
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
 * Authenticates tokens by asking a running service, and caches each caller for a short, configured time. Without a verdict
 * it throws `verification.unavailable` within the deadline.
 *
 * @example
 * ```ts
 * const verifier = new RemoteApiKeyVerifier({ baseUrl: 'http://localhost:8000', apiKey }, console);
 * const caller = await verifier.execute(token);
 * ```
 */
export class RemoteApiKeyVerifier extends ApiKeyVerifier {
  readonly #format: TokenFormat;
  readonly #importedKeys: boolean;
  readonly #callers: CallerCache;
  readonly #queue: VerifyQueue;

  /**
   * @param log - receives one line when the service stops answering, and one when it answers again
   * @throws Error for options that cannot be used; it never repeats the key
   */
  constructor(options: RemoteVerifierOptions, log: VerifierLog) {
    super();
    const { namespace, environment, clock, ...settings } = readOptions(options);
    const environments = typeof environment === 'string' ? ([environment] as const) : environment;
    this.#format = new TokenFormat(namespace, ...environments);
    this.#importedKeys = settings.importedKeys;
    const isOperators = new TokenFormat(namespace, OPERATOR_ENVIRONMENT).parse(settings.apiKey) !== null;
    if (!isOperators && this.#format.parse(settings.apiKey) === null) {
      const heads = environments.map((each) => `${namespace}_${each}_`).join(' or ');
      throw new Error(
        `apiKey is not a key of this service, or not complete: its keys begin with ${heads}, those of operators with ` +
          `${namespace}_${OPERATOR_ENVIRONMENT}_.`,
      );
    }
    const stopwatch = new Stopwatch(clock);
    const endpoint = new VerifyEndpoint(
      createIdentityClient(settings),
      settings.attemptTimeoutSeconds * 1000,
      isOperators ? 'operator' : 'organization',
    );
    const health = new ServiceHealth(log, () => endpoint.isReachable());
    const callers = new CallerCache(settings, clock, stopwatch);
    this.#callers = callers;
    this.#queue = new VerifyQueue({
      endpoint,
      callers,
      health,
      stopwatch,
      deadlineMs: settings.deadlineSeconds * 1000,
    });
  }

  override async execute(plainText: string): Promise<Caller> {
    if (!this.isPossible(plainText)) throw refusal();
    const verdict = await this.verdictOn(plainText, digestOf(plainText));
    if (verdict === 'refused') throw refusal();
    return callerFrom(verdict);
  }

  override verifyCached(plainText: string): Promise<Caller> | undefined {
    if (!this.#format.hasLength(plainText) && !this.isLegacy(plainText)) return undefined;
    const caller = this.#callers.getFresh(digestOf(plainText));
    return caller && Promise.resolve(callerFrom(caller));
  }

  override recognizes(plainText: string): boolean {
    return this.#format.hasNamespace(plainText) || (this.isLegacy(plainText) && !isJwt(plainText));
  }

  /** Whether the text could be a key at all. The service is not asked about other texts. */
  private isPossible(text: string): boolean {
    if (this.#format.resembles(text)) return this.#format.parse(text) !== null;
    return this.isLegacy(text);
  }

  private isLegacy(text: string): boolean {
    return this.#importedKeys && isLegacyKey(text);
  }

  private async verdictOn(plainText: string, digest: string): Promise<Verdict> {
    try {
      return this.#callers.getFresh(digest) ?? (await this.#queue.verify(digest, plainText));
    } catch (error) {
      return this.staleCallerOrThrow(digest, error);
    }
  }

  private staleCallerOrThrow(digest: string, error: unknown): RemoteCaller {
    if (!(error instanceof VerificationUnavailable)) throw error;
    // A client can cause the other reasons by many keys, or slow ones, and so keep a revoked key alive.
    const caller = error.reason === 'unreachable' ? this.#callers.getStale(digest) : undefined;
    if (caller !== undefined) return caller;
    throw new IdentityError('verification.unavailable', 'API keys cannot be verified right now. Try again shortly.', {
      cause: error,
      retryAfterSeconds: error.retryAfterSeconds,
    });
  }
}

/** The cache key of a token: the token itself is never stored. */
function digestOf(plainText: string): string {
  return crypto.hash('sha256', plainText, 'base64');
}

function refusal(): IdentityError {
  return new IdentityError('authentication.required', 'No valid API key was provided.');
}
