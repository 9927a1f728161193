import type { ApiKeyChange, SecretRotation } from '../../application/ports/api-key-repository.js';
import { lastUseOfCurrent } from '../../domain/api-key-secret.js';
import type { ApiKey } from '../../domain/api-key.js';
import { IdentityError } from '../../domain/identity-error.js';
import { copyApiKey, copySecret } from './copies.js';
import { assertRoom, secretsOf } from './in-memory-key-reads.js';
import type { InMemoryStore } from './in-memory-store.js';

/** Throws `authentication.required` and `caller.changed` unless this key of the organization is as it was. */
export function assertUnchanged(store: InMemoryStore, organizationId: string, caller: ApiKey): void {
  const stored = store.apiKeys.get(caller.id);
  const isDisabled = stored?.disabledAt !== null || store.members.get(stored.memberId)?.disabledAt !== null;
  if (stored?.organizationId !== organizationId || stored.revokedAt !== null || isDisabled) {
    throw new IdentityError('authentication.required', 'The calling key is not accepted any more.');
  }
  const grantor = ({ grant, expiresAt, keyPrefix, rateLimit, quota, allowedNetworks }: ApiKey) =>
    JSON.stringify([grant.unrestricted, grant.scopes, expiresAt, keyPrefix, rateLimit, quota, allowedNetworks]);
  if (grantor(stored) !== grantor(caller)) {
    throw new IdentityError('caller.changed', 'The calling key was changed while this request was under way.');
  }
}

/** All or nothing. Throws `api_key.conflict` and `api_key.limit_reached`. */
export function writeChange(store: InMemoryStore, stored: ApiKey, change: ApiKeyChange): void {
  const { apiKey, rotation, event, maxKeys } = change;
  const { occurredAt, organizationId } = event;
  if (stored.hasExpired(occurredAt) && !apiKey.hasExpired(occurredAt)) {
    assertRoom(store, organizationId, occurredAt, maxKeys);
  }
  if (rotation !== undefined) store.refuseTakenSecret(rotation.secret);
  store.addEvent(event);
  if (rotation !== undefined) rotate(store, stored, rotation, event.occurredAt);
  const { id, organizationId: owner, memberId, createdAt, createdBy, revokedAt, lastUsedAt } = stored;
  const kept = { id, organizationId: owner, memberId, createdAt, createdBy, revokedAt, lastUsedAt };
  const keyPrefix = rotation === undefined ? stored.keyPrefix : apiKey.keyPrefix;
  store.apiKeys.set(id, copyApiKey(apiKey, { ...kept, keyPrefix }));
}

function rotate(store: InMemoryStore, apiKey: ApiKey, rotation: SecretRotation, at: Date): void {
  const { secret: next, previousValidUntil } = rotation;
  const secrets = secretsOf(store, apiKey.id);
  const [first] = secrets;
  for (const secret of secrets) {
    const { id, validUntil } = secret;
    if (validUntil === null) {
      const lastUsedAt = lastUseOfCurrent(apiKey.lastUsedAt, secrets);
      const used = { validUntil: previousValidUntil, lastUsedAt };
      store.secrets.set(id, copySecret({ ...secret, ...used }));
    } else if (validUntil <= at) {
      if (id !== first?.id && ![...store.importedSecrets.values()].includes(id)) store.secrets.delete(id);
    } else if (validUntil > previousValidUntil) {
      store.secrets.set(id, copySecret({ ...secret, validUntil: previousValidUntil }));
    }
  }
  store.secrets.set(next.id, copySecret(next));
}
