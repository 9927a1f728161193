import type { ApiKeySecret } from '../domain/api-key-secret.js';
import { ApiKey } from '../domain/api-key.js';
import type { KeyGenerator } from '../domain/key-generator.js';
import type { Member } from '../domain/member.js';
import type { ScopeGrant } from '../domain/scope-grant.js';
import type { Token } from '../domain/token.js';
import type { NewApiKey } from './ports/api-key-repository.js';
import type { Clock } from './ports/clock.js';
import type { IdGenerator } from './ports/id-generator.js';
import type { SecretHasher } from './ports/secret-hasher.js';

/** A new key that is not stored yet, with its only plain text. */
export interface MintedApiKey extends NewApiKey {
  readonly token: Token;
}

/** What the caller of `mint` decides about a key. */
export interface MintRequest {
  readonly owner: Pick<Member, 'id' | 'organizationId'>;
  readonly name: string;
  readonly grant: ScopeGrant;
  readonly expiresAt: Date | null;
  /** A token chosen by the operator; a fresh one is generated without it. */
  readonly token?: Token | undefined;
  /** Whether whoever asked has gone away. */
  readonly isAbandoned?: (() => boolean) | undefined;
}

/** Builds a key, its token and the verifiers of its secret. Stores nothing. */
export class ApiKeyMinter {
  constructor(
    private readonly generator: KeyGenerator,
    private readonly hasher: SecretHasher,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
  ) {}

  async mint(request: MintRequest): Promise<MintedApiKey> {
    const token = request.token ?? this.generator.generate();
    const verifiers = await this.hasher.hash(token, request.isAbandoned);
    const createdAt = this.clock.now();
    const apiKey = new ApiKey({
      id: this.ids.next(),
      organizationId: request.owner.organizationId,
      memberId: request.owner.id,
      name: request.name,
      keyPrefix: token.keyPrefix,
      grant: request.grant,
      createdAt,
      expiresAt: request.expiresAt,
      revokedAt: null,
      lastUsedAt: null,
    });
    const secret: ApiKeySecret = {
      id: this.ids.next(),
      apiKeyId: apiKey.id,
      keyPrefix: token.keyPrefix,
      createdAt,
      validUntil: null,
      bcryptHash: verifiers.bcryptHash,
      proof: verifiers.proof,
    };
    return { apiKey, secret, token };
  }
}
