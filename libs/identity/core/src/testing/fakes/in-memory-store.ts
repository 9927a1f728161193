import type { NewApiKey } from '../../application/ports/api-key-repository.js';
import type { KeylessOrganization, NewOrganization } from '../../application/ports/organization-repository.js';
import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { ApiKey } from '../../domain/api-key.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { Member } from '../../domain/member.js';
import type { Organization } from '../../domain/organization.js';
import { copyApiKey, copyEvent, copyMember, copyOrganization, copySecret } from './copies.js';

/** The tables that the in-memory repositories share, by id. Holds copies, so that no caller can change a stored row. */
export class InMemoryStore {
  readonly organizations = new Map<string, Organization>();
  /** Of organizations whose events are all that is left. */
  readonly deletedOrganizations = new Map<string, Organization>();
  readonly members = new Map<string, Member>();
  /** When members were last changed, by their ids. */
  readonly memberUpdates = new Map<string, Date>();
  readonly apiKeys = new Map<string, ApiKey>();
  readonly secrets = new Map<string, ApiKeySecret>();
  /** Ids of imported secrets by their look-up texts. */
  readonly importedSecrets = new Map<string, string>();
  /** In the order in which they were written. */
  readonly auditEvents: AuditEvent[] = [];
  /** What was announced of the ends of keys, by the ids of the keys; `retryAt` is null once it is settled. */
  readonly expiryNotices = new Map<
    string,
    { readonly end: Date; readonly days: number; readonly attempt: number; readonly retryAt: Date | null }
  >();
  bootstrapOrganizationId: string | null = null;

  /** All or nothing. Throws `api_key.conflict`, and `member.not_found` for a key without its organization or member. */
  addApiKey(created: NewApiKey): void {
    this.refuseKey(created);
    this.putApiKey(created);
  }

  /** The same for several keys, together or not at all, whose public parts differ. */
  addApiKeys(created: readonly NewApiKey[]): void {
    for (const each of created) this.refuseKey(each);
    for (const each of created) this.putApiKey(each);
  }

  private refuseKey(created: NewApiKey): void {
    const { apiKey } = created;
    this.refuseTakenKey(created);
    if (
      !this.organizations.has(apiKey.organizationId) ||
      this.members.get(apiKey.memberId)?.organizationId !== apiKey.organizationId
    ) {
      throw new IdentityError('member.not_found', 'The key does not belong to a stored member of its organization.');
    }
    this.refuseEvent(created.event);
  }

  /** All or nothing. Throws `api_key.conflict`. */
  addOrganization(created: NewOrganization | KeylessOrganization): void {
    if (this.organizations.has(created.organization.id) || this.members.has(created.owner.id)) throw conflict();
    if ('apiKey' in created) this.refuseTakenKey(created);
    this.organizations.set(created.organization.id, copyOrganization(created.organization));
    this.members.set(created.owner.id, copyMember(created.owner));
    if ('apiKey' in created) this.putApiKey(created);
    else this.auditEvents.push(copyEvent(created.event));
  }

  /** Removes keys with their secrets. What they made counts as made by what made them. */
  removeApiKeys(isRemoved: (apiKey: ApiKey) => boolean): void {
    for (const apiKey of [...this.apiKeys.values()].filter(isRemoved)) {
      const heir = this.apiKeys.get(apiKey.id)?.createdBy ?? null;
      this.apiKeys.delete(apiKey.id);
      for (const { id, createdBy } of this.apiKeys.values()) {
        if (createdBy?.type === 'api_key' && createdBy.id === apiKey.id) this.changeApiKey(id, { createdBy: heir });
      }
      for (const secret of [...this.secrets.values()].filter(({ apiKeyId }) => apiKeyId === apiKey.id)) {
        this.secrets.delete(secret.id);
        for (const [lookup, id] of this.importedSecrets) if (id === secret.id) this.importedSecrets.delete(lookup);
      }
    }
  }

  changeApiKey(id: string, changes: Partial<ApiKey>): void {
    const stored = this.apiKeys.get(id);
    if (stored !== undefined) this.apiKeys.set(id, copyApiKey(stored, changes));
  }

  /** Writes without looking, over whatever is there. */
  putApiKey({ apiKey, secret, event }: NewApiKey): void {
    this.apiKeys.set(apiKey.id, copyApiKey(apiKey));
    this.secrets.set(secret.id, copySecret(secret));
    this.auditEvents.push(copyEvent(event));
  }

  /** Appends to the audit log. Throws `api_key.conflict`, and an error of its own for an event without its organization. */
  addEvent(event: AuditEvent): void {
    this.addEvents([event]);
  }

  /** The same for several events, together or not at all. */
  addEvents(events: readonly AuditEvent[]): void {
    for (const event of events) this.refuseEvent(event);
    if (new Set(events.map(({ id }) => id)).size < events.length) throw conflict();
    this.auditEvents.push(...events.map((event) => copyEvent(event)));
  }

  private refuseEvent(event: AuditEvent): void {
    if (this.auditEvents.some(({ id }) => id === event.id)) throw conflict();
    const { organizationId } = event;
    if (!this.organizations.has(organizationId) && !this.deletedOrganizations.has(organizationId))
      throw new Error('The event belongs to no stored organization.');
  }

  /** Throws `api_key.conflict` where another secret has the id or public part of this one. */
  refuseTakenSecret(secret: ApiKeySecret): void {
    if (this.secrets.has(secret.id) || isTaken(this.secrets, secret.keyPrefix)) throw conflict();
  }

  private refuseTakenKey({ apiKey, secret }: NewApiKey): void {
    if (this.apiKeys.has(apiKey.id) || isTaken(this.apiKeys, apiKey.keyPrefix)) throw conflict();
    this.refuseTakenSecret(secret);
  }
}

function isTaken(rows: ReadonlyMap<string, { readonly keyPrefix: string }>, keyPrefix: string): boolean {
  for (const row of rows.values()) if (row.keyPrefix === keyPrefix) return true;
  return false;
}

function conflict(): IdentityError {
  return new IdentityError('api_key.conflict', 'The row exists already.');
}
