import type { Actor } from '../../domain/actor.js';
import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { ApiKey } from '../../domain/api-key.js';
import type { AuditEvent, AuditEventType } from '../../domain/audit-event.js';
import { isKeyPrefix, longestKeyPrefix } from '../../domain/key-prefix.js';
import type { Member } from '../../domain/member.js';
import type { Organization } from '../../domain/organization.js';
import type { TokenFormat } from '../../domain/token-format.js';
import type { ApiKeyReference, ApiKeyRepository } from '../ports/api-key-repository.js';
import type { AuditLog } from '../ports/audit-log.js';
import type { ImportedKeys } from '../ports/imported-keys.js';
import { CredentialFinder } from '../verification/credential-finder.js';
import type { VerifyApiKey } from '../verification/verify-api-key.js';

const CREATIONS: readonly AuditEventType[] = [
  'api_key.created',
  'api_key.imported',
  'organization.created',
  'organization.bootstrapped',
];

/** Events that are read at once. */
const PAGE = 200;

/** A key that a leaked text belongs to. */
export interface TracedApiKey {
  readonly organization: Organization;
  readonly member: Member;
  readonly apiKey: ApiKey;
  /** The public part that was found, of any secret that the key has or had. */
  readonly keyPrefix: string;
  /** Its secret; null for one that a rotation has removed. */
  readonly secret: ApiKeySecret | null;
  /** When a rotation replaced that secret; null for the current one. */
  readonly replacedAt: Date | null;
  /** Whether the whole text is that secret. Null where this cannot be said: of a public part alone, or a removed secret. */
  readonly isWhole: boolean | null;
  /** Who created or imported the key. Null where no event tells. */
  readonly createdBy: Actor | null;
}

/** Dependencies of `TraceApiKey`. */
export interface TraceDependencies {
  readonly format: TokenFormat;
  readonly apiKeys: ApiKeyRepository;
  readonly auditLog: AuditLog;
  readonly verifyApiKey: VerifyApiKey;
  readonly importedKeys?: ImportedKeys | undefined;
}

/**
 * Finds the key of a leaked token, or of the part of it that a log shows, in any state. For the operator: it searches
 * all organizations.
 */
export class TraceApiKey {
  readonly #finder: CredentialFinder;

  constructor(private readonly parts: TraceDependencies) {
    this.#finder = new CredentialFinder(parts.format, parts.apiKeys, parts.importedKeys);
  }

  /**
   * Finds keys by the part of a token that is not secret.
   *
   * @param keyPrefix - the public part of a secret, or what an imported key is found by: its first characters
   * @returns the keys that have or had such a secret, almost always one; none for an unknown public part
   */
  async byPrefix(keyPrefix: string): Promise<readonly TracedApiKey[]> {
    if (!isKeyPrefix(keyPrefix)) return [];
    const found = await this.traceAll(keyPrefix);
    if (found.length > 0) return found;
    const imported = await this.parts.apiKeys.findImported([`prefix:${keyPrefix}`]);
    return imported === null ? [] : this.traceAll(imported);
  }

  /**
   * Finds keys by a whole token, and says whether all of it matches.
   *
   * @param text - a whole token or imported key, or less of it
   * @returns as `byPrefix`; the secret is verified as for a request, in constant time, which does not count as a use
   * @throws IdentityError `hashing.overloaded` or `storage.unavailable`: try again later
   */
  async byToken(text: string): Promise<readonly TracedApiKey[]> {
    const presented = await this.#finder.find(text);
    if (typeof presented !== 'string') {
      const { organization, secret } = presented.credential;
      const proven = await this.parts.verifyApiKey.prove(organization.id, text);
      return this.traceAll(secret.keyPrefix, proven !== null);
    }
    const { format } = this.parts;
    const limit = longestKeyPrefix(text, format);
    if (text.length <= limit) return this.byPrefix(text);
    // A well-formed token may be one whose secret was removed. Any other text was never given out.
    return this.traceAll(text.slice(0, limit), format.parse(text) === null ? false : null);
  }

  private async traceAll(keyPrefix: string, isWhole: boolean | null = null): Promise<readonly TracedApiKey[]> {
    const found = await this.parts.apiKeys.findByKeyPrefix(null, keyPrefix);
    const traced = await Promise.all(found.map((reference) => this.trace(reference, keyPrefix, isWhole)));
    return traced.filter((each) => each !== null);
  }

  private async trace(
    { id, organizationId }: ApiKeyReference,
    keyPrefix: string,
    isWhole: boolean | null,
  ): Promise<TracedApiKey | null> {
    const details = await this.parts.apiKeys.find(organizationId, id);
    const current = details && (await this.parts.apiKeys.findCredential(details.apiKey.keyPrefix));
    if (details === null || current === null) return null;
    const { apiKey, secrets } = details;
    const { organization, member } = current;
    const secret = secrets.find((each) => each.keyPrefix === keyPrefix) ?? null;
    return {
      organization,
      member,
      apiKey,
      keyPrefix,
      secret,
      replacedAt: apiKey.keyPrefix === keyPrefix ? null : await this.replacedAt(apiKey, keyPrefix),
      // Another key's secret had this public part before, and its verifiers are gone.
      isWhole: isWhole === true && secret === null ? null : isWhole,
      createdBy: await this.createdBy(apiKey),
    };
  }

  /** When the rotation after the one that made this secret was; of a key's first secret, the first rotation. */
  private async replacedAt({ organizationId, id: apiKeyId }: ApiKey, keyPrefix: string): Promise<Date | null> {
    let next: AuditEvent | undefined;
    for (;;) {
      const query = { limit: PAGE, after: next?.id, apiKeyId, type: 'api_key.rotated' } as const;
      const rotations = await this.parts.auditLog.list(organizationId, query);
      for (const rotation of rotations) {
        if (rotation.changes['key_prefix'] === keyPrefix) return next?.occurredAt ?? null;
        next = rotation;
      }
      if (rotations.length < PAGE) return next?.occurredAt ?? null;
    }
  }

  private async createdBy({ organizationId, id: apiKeyId }: ApiKey): Promise<Actor | null> {
    for (const type of CREATIONS) {
      const [event] = await this.parts.auditLog.list(organizationId, { limit: 1, apiKeyId, type });
      if (event !== undefined) return event.actor;
    }
    return null;
  }
}
