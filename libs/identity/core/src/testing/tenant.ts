import { type Grantor, grantorOf, type RequestOrigin } from '../application/keys/grantor.js';
import type { IssueApiKeyRequest } from '../application/keys/issue-api-key.js';
import type { ApiKey } from '../domain/api-key.js';
import type { AuditEvent, AuditEventType } from '../domain/audit-event.js';
import type { Member } from '../domain/member.js';
import { NO_POLICY, type OrganizationPolicy } from '../domain/organization-policy.js';
import type { Organization } from '../domain/organization.js';
import { InMemoryIdentity } from './in-memory-identity.js';

/** Where the requests of a tenant come from. */
export const ORIGIN: RequestOrigin = { requestId: 'request-1', sourceAddress: '192.0.2.7' };

/** A key together with its plain text, as a client holds it. */
export interface HeldApiKey {
  readonly apiKey: ApiKey;
  readonly token: string;
}

/** An organization in memory, its owner's unrestricted key, and what is done with keys of it. */
export class Tenant {
  private constructor(
    readonly identity: InMemoryIdentity,
    readonly organization: Organization,
    readonly member: Member,
    readonly owner: HeldApiKey,
  ) {}

  static async create(identity = new InMemoryIdentity()): Promise<Tenant> {
    const created = await identity.createOrganization.execute('Acme');
    const owner = { apiKey: created.apiKey, token: created.token.reveal() };
    return new Tenant(identity, created.organization, created.owner, owner);
  }

  /** The grantor of a request that is made with this token now; with the owner's when none is given. */
  async grantor(token = this.owner.token): Promise<Grantor> {
    return grantorOf(await this.identity.verifyApiKey.execute(token), ORIGIN);
  }

  /** A key that the owner issues. */
  async issue(request: Partial<IssueApiKeyRequest> = {}): Promise<HeldApiKey> {
    const issued = await this.identity.issueApiKey.execute(await this.grantor(), { name: 'CI', ...request });
    return { apiKey: issued.apiKey, token: issued.token.reveal() };
  }

  /** The key as it is stored. Fails where there is none. */
  async stored({ id }: Pick<ApiKey, 'id'>): Promise<ApiKey> {
    const details = await this.identity.apiKeys.find(this.organization.id, id);
    if (details === null) throw new Error(`There is no key ${id}.`);
    return details.apiKey;
  }

  /** The organization's events of this type, oldest first. */
  async events(type: AuditEventType): Promise<AuditEvent[]> {
    const events = await this.identity.auditLog.list(this.organization.id, { limit: Number.MAX_SAFE_INTEGER, type });
    return events.reverse();
  }

  /** How many events the organization has. */
  async countEvents(): Promise<number> {
    return (await this.identity.auditLog.list(this.organization.id, { limit: Number.MAX_SAFE_INTEGER })).length;
  }

  /** Sets the policy, without an event. */
  setPolicy(policy: Partial<OrganizationPolicy>): void {
    const { organization } = this;
    this.identity.store.organizations.set(organization.id, { ...organization, policy: { ...NO_POLICY, ...policy } });
  }

  /** The instant so many milliseconds from now. */
  in(milliseconds: number): Date {
    return new Date(this.identity.clock.now().getTime() + milliseconds);
  }
}
