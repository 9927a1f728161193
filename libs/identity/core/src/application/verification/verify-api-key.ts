import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { StoredCaller } from '../../domain/caller.js';
import { IdentityError } from '../../domain/identity-error.js';
import { isJwt } from '../../domain/imported-api-key.js';
import type { TokenFormat } from '../../domain/token-format.js';
import type { Token } from '../../domain/token.js';
import { CredentialFinder } from './credential-finder.js';
import { ApiKeyVerifier } from '../ports/api-key-verifier.js';
import type { ApiKeyCredential, ApiKeyRepository } from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';
import type { ImportedKeys } from '../ports/imported-keys.js';
import type { ProofCache } from '../ports/proof-cache.js';
import type { SecretVerdict } from '../ports/secret-hasher.js';
import type { SingleFlightVerifier } from './single-flight-verifier.js';
import type { UsageOutcome } from '../ports/usage-counts.js';
import type { UsingClient, WriteBehind } from './write-behind.js';

/** Which check refused, and no property of the error: whoever shows an error shows the same for each. */
const refusingChecks = new WeakMap<object, keyof VerificationMetrics['refused']>();

const PROVEN: SecretVerdict = { valid: true, renewedProof: null };

/** Counts of verifications since the process started. Plain numbers, since every request counts. */
export class VerificationMetrics {
  accepted = 0;
  /** Verifications of a token that this process had verified before. */
  fromCache = 0;
  /** Requests refused because of their address, without a verdict on the token. */
  throttled = 0;
  /** Requests with a valid key, refused because their organization made too many. */
  limited = 0;
  /** Requests with a valid key, refused because the key made too many by its own limits. */
  keyLimited = 0;
  /** Requests with a valid key, refused because it is not accepted from their address. */
  addressRefused = 0;
  /** Whether the store of the counts that instances share answers; null without a store. */
  rateLimitStoreReachable: boolean | null = null;
  /** Requests and failures that this process counted for itself because that store did not answer. */
  limitsDecidedAlone = 0;
  /** Refusals by the check that refused, in the order of the checks. */
  readonly refused = { missing: 0, spelling: 0, unknown: 0, secret: 0, state: 0 };
}

/** Dependencies of `VerifyApiKey`. */
export interface VerificationDependencies {
  readonly format: TokenFormat;
  readonly apiKeys: ApiKeyRepository;
  readonly secretVerifier: SingleFlightVerifier;
  readonly proofs: ProofCache;
  readonly writeBehind: WriteBehind;
  readonly clock: Clock;
  readonly metrics: VerificationMetrics;
  /** Finds keys of other systems. Default: none are accepted. */
  readonly importedKeys?: ImportedKeys | undefined;
}

/** Authenticates a token, cheapest check first: spelling and checksum, one read, the secret, and only then the state. */
export class VerifyApiKey extends ApiKeyVerifier {
  readonly #finder: CredentialFinder;

  constructor(private readonly parts: VerificationDependencies) {
    super();
    this.#finder = new CredentialFinder(parts.format, parts.apiKeys, parts.importedKeys);
  }

  override async execute(plainText: string, signal?: AbortSignal): Promise<StoredCaller> {
    const presented = await this.#finder.find(plainText);
    if (typeof presented === 'string') throw this.refusal(plainText === '' ? 'missing' : presented);
    const { token, credential } = presented;
    const verdict = await this.check(token, credential, signal);
    // The secret comes before the state: a client with only the public part learns nothing about the key.
    if (!verdict.valid) throw this.refusal('secret');
    const caller = this.admit(credential);
    if (verdict.renewedProof !== null) this.parts.writeBehind.renewProof(credential.secret, verdict.renewedProof);
    return caller;
  }

  /**
   * Finds the key of a token in one organization, or with null in all of them, in any state. Secrets of other
   * organizations' keys are not even verified.
   *
   * @returns null if there is no such key
   * @throws IdentityError `hashing.overloaded` or `storage.unavailable`: there is no verdict, try again later
   */
  async prove(
    organizationId: string | null,
    plainText: string,
    signal?: AbortSignal,
  ): Promise<ApiKeyCredential | null> {
    const presented = await this.#finder.find(plainText);
    if (typeof presented === 'string') return null;
    const { token, credential } = presented;
    if (organizationId !== null && credential.organization.id !== organizationId) return null;
    const verdict = await this.check(token, credential, signal);
    if (!verdict.valid) return null;
    if (verdict.renewedProof !== null) this.parts.writeBehind.renewProof(credential.secret, verdict.renewedProof);
    return credential;
  }

  /** Counts the outcome of a request with this key, for the next flush. */
  recordOutcome({ apiKey }: ApiKeyCredential, outcome: UsageOutcome, from?: UsingClient): void {
    this.parts.writeBehind.recordOutcome(apiKey, outcome, from);
  }

  /** Records that the key was used, for the next flush. */
  recordUse({ apiKey, secret }: ApiKeyCredential, at: Date): void {
    this.parts.writeBehind.recordUse(apiKey, secret, at);
  }

  /** Skips the secret of a token that this process has verified before; its row and state are checked all the same. */
  override verifyCached(plainText: string): Promise<StoredCaller> | undefined {
    if (!this.#finder.isPossible(plainText)) return undefined;
    const proven = this.parts.proofs.get(plainText);
    if (proven === undefined) return undefined;
    return this.parts.apiKeys
      .findCredential(proven.keyPrefix)
      .then((credential) => this.admitProven(plainText, proven, credential));
  }

  override recognizes(plainText: string): boolean {
    const { format, importedKeys } = this.parts;
    if (format.hasNamespace(plainText)) return true;
    return importedKeys !== undefined && !isJwt(plainText) && importedKeys.lookupsOf(plainText).length > 0;
  }

  private async check(
    token: Token,
    { secret }: ApiKeyCredential,
    signal: AbortSignal | undefined,
  ): Promise<SecretVerdict> {
    const plainText = token.reveal();
    if (this.wasProven(plainText, secret)) return PROVEN;
    const verdict = await this.parts.secretVerifier.verify(token, secret, signal);
    if (verdict.valid) this.parts.proofs.set(plainText, secret);
    return verdict;
  }

  /** Checked again after the look-up: another request may have verified this token meanwhile. */
  private wasProven(plainText: string, secret: ApiKeySecret): boolean {
    const proven = this.parts.proofs.get(plainText);
    return proven !== undefined && hasSameVerifiers(secret, proven);
  }

  private admitProven(
    plainText: string,
    proven: ApiKeySecret,
    credential: ApiKeyCredential | null,
  ): StoredCaller | Promise<StoredCaller> {
    if (credential === null || !hasSameVerifiers(credential.secret, proven)) return this.execute(plainText);
    this.parts.metrics.fromCache += 1;
    return this.admit(credential);
  }

  private admit(credential: ApiKeyCredential): StoredCaller {
    const now = this.parts.clock.now();
    if (!isUsable(credential, now)) {
      this.recordOutcome(credential, 'refusedState');
      throw this.refusal('state');
    }
    this.recordUse(credential, now);
    this.parts.metrics.accepted += 1;
    const { organization, member, apiKey } = credential;
    return {
      organization,
      member,
      // The repository may share its rows: a handler that changed this date would change when the key expires.
      apiKey: apiKey.expiresAt === null ? apiKey : apiKey.with({ expiresAt: new Date(apiKey.expiresAt) }),
    };
  }

  private refusal(stage: keyof VerificationMetrics['refused']): IdentityError {
    this.parts.metrics.refused[stage] += 1;
    const refusal = new IdentityError('authentication.required', 'No valid API key was provided.');
    refusingChecks.set(refusal, stage);
    return refusal;
  }
}

/** The check by which this process refused a key, for traces; undefined for other errors, and if another service refused. */
export function refusingCheckOf(refusal: object): keyof VerificationMetrics['refused'] | undefined {
  return refusingChecks.get(refusal);
}

/** A secret never gets another token; but a row that was changed by hand must be verified anew. */
function hasSameVerifiers(stored: ApiKeySecret, proven: ApiKeySecret): boolean {
  return stored === proven || (stored.id === proven.id && stored.proof === proven.proof && stored.hash === proven.hash);
}

/** Whether a key is accepted at this instant by this secret. */
export function isUsable({ organization, member, apiKey, secret }: ApiKeyCredential, at: Date): boolean {
  return (
    organization.disabledAt === null &&
    member.disabledAt === null &&
    apiKey.isActive(at) &&
    (secret.validUntil === null || at < secret.validUntil)
  );
}
