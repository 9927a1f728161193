import type { NewApiKey } from '../../application/ports/api-key-repository.js';
import type { NewOrganization } from '../../application/ports/organization-repository.js';
import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { ApiKey } from '../../domain/api-key.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { Member } from '../../domain/member.js';
import type { Organization } from '../../domain/organization.js';
import { copyApiKey, copyMember, copyOrganization, copySecret } from './copies.js';

/** The tables that the in-memory repositories share, by id. Holds copies, so that no caller can change a stored row. */
export class InMemoryStore {
  readonly organizations = new Map<string, Organization>();
  readonly members = new Map<string, Member>();
  readonly apiKeys = new Map<string, ApiKey>();
  readonly secrets = new Map<string, ApiKeySecret>();
  bootstrapOrganizationId: string | null = null;

  /** All or nothing. Throws `api_key.conflict`, and an error of its own for a key without its organization or member. */
  addApiKey(created: NewApiKey): void {
    const { apiKey } = created;
    this.refuseTakenKey(created);
    if (
      !this.organizations.has(apiKey.organizationId) ||
      this.members.get(apiKey.memberId)?.organizationId !== apiKey.organizationId
    ) {
      throw new Error('The key does not belong to a stored organization and a member of it.');
    }
    this.putApiKey(created);
  }

  /** All or nothing. Throws `api_key.conflict`. */
  addOrganization(created: NewOrganization): void {
    if (this.organizations.has(created.organization.id) || this.members.has(created.owner.id)) throw conflict();
    this.refuseTakenKey(created);
    this.organizations.set(created.organization.id, copyOrganization(created.organization));
    this.members.set(created.owner.id, copyMember(created.owner));
    this.putApiKey(created);
  }

  /** Writes without looking, over whatever is there. */
  putApiKey({ apiKey, secret }: NewApiKey): void {
    this.apiKeys.set(apiKey.id, copyApiKey(apiKey));
    this.secrets.set(secret.id, copySecret(secret));
  }

  private refuseTakenKey({ apiKey, secret }: NewApiKey): void {
    const idTaken = this.apiKeys.has(apiKey.id) || this.secrets.has(secret.id);
    const prefixTaken =
      [...this.apiKeys.values()].some((stored) => stored.keyPrefix === apiKey.keyPrefix) ||
      [...this.secrets.values()].some((stored) => stored.keyPrefix === secret.keyPrefix);
    if (idTaken || prefixTaken) throw conflict();
  }
}

function conflict(): IdentityError {
  return new IdentityError('api_key.conflict', 'The row exists already.');
}
