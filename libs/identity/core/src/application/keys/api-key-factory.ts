import type { Actor } from '../../domain/actor.js';
import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import { ApiKey, type KeyCreator } from '../../domain/api-key.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { StoredKeyNotes } from '../../domain/key-notes.js';
import type { KeyGenerator } from '../../domain/key-generator.js';
import type { Member } from '../../domain/member.js';
import type { ScopeGrant } from '../../domain/scope-grant.js';
import type { TokenFormat } from '../../domain/token-format.js';
import type { Token } from '../../domain/token.js';
import { type AuditEvents, auditedFields, auditedNotes } from '../audit/audit-events.js';
import { auditedIfBound, type KeyBounds, NO_BOUNDS } from './key-bounds.js';
import type { NewApiKey } from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { SecretHasher } from '../ports/secret-hasher.js';

/** A new secret that is not stored yet, with its only plain text. */
export interface SecretDraft {
  readonly secret: ApiKeySecret;
  readonly token: Token;
}

/** A new key that is not stored yet, with its only plain text. */
export type ApiKeyDraft = NewApiKey & SecretDraft;

/** What the caller of `create` decides about a key. */
export interface ApiKeyTerms {
  readonly actor: Actor;
  readonly owner: Pick<Member, 'id' | 'organizationId'>;
  readonly name: string;
  /** Default: none. */
  readonly notes?: StoredKeyNotes | undefined;
  readonly grant: ScopeGrant;
  readonly expiresAt: Date | null;
  /** One of the installation. Default: its first. */
  readonly environment?: string | undefined;
  /** Default: none. */
  readonly bounds?: KeyBounds | undefined;
  /** A token chosen by the operator. Default: a generated one. */
  readonly token?: Token | undefined;
  /** Aborts when the client leaves: then no hash is begun. */
  readonly signal?: AbortSignal | undefined;
}

/** Builds keys, their tokens and the verifiers of their secrets. Stores nothing. */
export class ApiKeyFactory {
  constructor(
    private readonly generator: KeyGenerator,
    private readonly hasher: SecretHasher,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    private readonly events: AuditEvents,
  ) {}

  /** How tokens are spelled. */
  get format(): TokenFormat {
    return this.generator.format;
  }

  async create(request: ApiKeyTerms): Promise<ApiKeyDraft> {
    const id = this.ids.next();
    const { secret, token } = await this.createSecret(id, request);
    const { id: memberId, organizationId } = request.owner;
    const { rateLimit, quota, allowedNetworks } = request.bounds ?? NO_BOUNDS;
    const apiKey = new ApiKey({
      id,
      organizationId,
      memberId,
      name: request.name,
      description: null,
      labels: [],
      metadata: null,
      ...request.notes,
      keyPrefix: token.keyPrefix,
      grant: request.grant,
      rateLimit,
      quota,
      allowedNetworks,
      createdAt: secret.createdAt,
      createdBy: creatorOf(request.actor),
      expiresAt: request.expiresAt,
      disabledAt: null,
      revokedAt: null,
      lastUsedAt: null,
    });
    const changes = { ...auditedFields(apiKey), ...auditedNotes(apiKey), ...auditedIfBound(apiKey) };
    const subject = { organizationId, apiKeyId: id, keyPrefix: token.keyPrefix, changes };
    const event = this.events.build('api_key.created', request.actor, subject);
    return { apiKey, secret, token, event };
  }

  /** Builds a secret for a key that exists or is being made. */
  async createSecret(
    apiKeyId: string,
    request: Pick<ApiKeyTerms, 'environment' | 'token' | 'signal'>,
  ): Promise<SecretDraft> {
    const token = request.token ?? this.generator.generate(request.environment);
    const { hash, proof } = await this.hasher.hash(token, request.signal);
    const secret: ApiKeySecret = {
      id: this.ids.next(),
      apiKeyId,
      keyPrefix: token.keyPrefix,
      createdAt: this.clock.now(),
      validUntil: null,
      lastUsedAt: null,
      hash,
      proof,
    };
    return { secret, token };
  }
}

function creatorOf({ type, apiKeyId, memberId }: Actor): KeyCreator {
  return { type, id: type === 'member' ? memberId : apiKeyId };
}

/**
 * Runs `attempt` once more when the public part that it drew was taken (a chance of about n / 62^8 with n keys). A second
 * collision in a row means a broken random source, and its error is rethrown.
 */
export async function retryOnConflict<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof IdentityError && error.code === 'api_key.conflict') return attempt();
    throw error;
  }
}
