import type { Actor } from '../../domain/actor.js';
import { DISPLAY_NAME_RULE, isDisplayName } from '../../domain/display-name.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { KeyGenerator } from '../../domain/key-generator.js';
import { longestKeyPrefix } from '../../domain/key-prefix.js';
import { type OperatorEvent, operatorGrant, type OperatorKey } from '../../domain/operator-key.js';
import type { Token } from '../../domain/token.js';
import { retryOnConflict } from '../keys/api-key-factory.js';
import { apiKeyNotFound } from '../keys/find-api-key.js';
import type { Clock } from '../ports/clock.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { OperatorKeyRepository } from '../ports/operator-key-repository.js';
import type { SecretHasher } from '../ports/secret-hasher.js';

/** The operator key that is wanted. */
export interface CreateOperatorKeyRequest {
  /** 1 to 255 characters. */
  readonly name: string;
  /** Scopes of `OPERATOR_SCOPES`, or wildcards; null for everything. */
  readonly scopes: readonly string[] | null;
  /** Default: null, for a key that does not expire. */
  readonly expiresAt?: Date | null | undefined;
}

/** Makes, lists and revokes the keys of the operator. For the command line: no key makes, changes or shows them. */
export class ManageOperatorKeys {
  constructor(
    private readonly operatorKeys: OperatorKeyRepository,
    private readonly generator: KeyGenerator,
    private readonly hasher: SecretHasher,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
  ) {}

  /**
   * @param actor - who is recorded in the audit log
   * @returns the stored key and its token, the only copy of the plain text
   * @throws IdentityError `api_key.name_invalid`, `api_key.scope_invalid`, `api_key.expiry_in_past`: invalid values
   * @throws IdentityError `hashing.overloaded` or `storage.unavailable`: try again later
   */
  create(
    { name, scopes, expiresAt = null }: CreateOperatorKeyRequest,
    actor: Actor,
  ): Promise<{ readonly operatorKey: OperatorKey; readonly token: Token }> {
    if (!isDisplayName(name)) {
      throw new IdentityError('api_key.name_invalid', `The name of a key ${DISPLAY_NAME_RULE}.`);
    }
    const grant = operatorGrant(scopes);
    if (expiresAt !== null && expiresAt <= this.clock.now()) {
      throw new IdentityError('api_key.expiry_in_past', 'expires_at must lie in the future.');
    }
    return retryOnConflict(async () => {
      const token = this.generator.generate();
      const verifiers = await this.hasher.hash(token);
      const operatorKey: OperatorKey = {
        id: this.ids.next(),
        name,
        keyPrefix: token.keyPrefix,
        grant,
        createdAt: this.clock.now(),
        expiresAt,
        revokedAt: null,
        lastUsedAt: null,
      };
      const changes = { name, scopes: grant.scopes, unrestricted: grant.unrestricted, expires_at: isoOf(expiresAt) };
      const event = this.event('operator_key.created', actor, operatorKey, changes);
      await this.operatorKeys.insert({ operatorKey, ...verifiers, event });
      return { operatorKey, token };
    });
  }

  /** All operator keys, also revoked ones, newest first. */
  list(): Promise<OperatorKey[]> {
    return this.operatorKeys.list();
  }

  /**
   * Finds the operator key of a leaked text, whatever its state, by the public part alone: no secret is verified.
   *
   * @param text - a whole token, or the beginning of one
   * @returns null for a text that is no public part of an operator key
   */
  async findLeaked(text: string): Promise<OperatorKey | null> {
    const keyPrefix = text.slice(0, longestKeyPrefix(text, this.generator.format));
    if (!this.generator.format.isKeyPrefix(keyPrefix)) return null;
    return (await this.operatorKeys.find(keyPrefix))?.operatorKey ?? null;
  }

  /** @throws IdentityError `api_key.not_found`, alike for an unknown key and a revoked one */
  async revoke(operatorKey: Pick<OperatorKey, 'id' | 'keyPrefix'>, actor: Actor): Promise<void> {
    const event = this.event('operator_key.revoked', actor, operatorKey, {});
    if (!(await this.operatorKeys.revoke(operatorKey.id, event))) throw apiKeyNotFound();
  }

  private event(
    type: OperatorEvent['type'],
    actor: Actor,
    { id: apiKeyId, keyPrefix }: Pick<OperatorKey, 'id' | 'keyPrefix'>,
    changes: OperatorEvent['changes'],
  ): OperatorEvent {
    return { id: this.ids.next(), type, occurredAt: this.clock.now(), actor, apiKeyId, keyPrefix, changes };
  }
}

function isoOf(instant: Date | null): string | null {
  return instant && instant.toISOString();
}
