/** A person or service account of an organization; the owner behind a key. */
export interface Member {
  /** UUIDv7. */
  readonly id: string;
  readonly organizationId: string;
  /** The member's id in the identity provider of the host; unique within the organization. */
  readonly externalId: string;
  readonly email: string | null;
  readonly displayName: string | null;
  /** Such as `org:admin`. */
  readonly role: string;
  readonly createdAt: Date;
  /** Since when it is disabled, so that all of its keys are refused; null while it is active. */
  readonly disabledAt: Date | null;
}

/** Role of the member who owns an organization's first key. */
export const OWNER_ROLE = 'org:admin';
