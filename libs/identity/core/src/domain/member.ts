import { DISPLAY_NAME_RULE, isDisplayName } from './display-name.js';
import { IdentityError } from './identity-error.js';

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

/** A member as lists show it. Verification reads no more than `Member`. */
export interface ListedMember extends Member {
  /** When a field of it was last changed; the time of creation before that. */
  readonly updatedAt: Date;
}

/** Role of the member who owns an organization's first key. */
export const OWNER_ROLE = 'org:admin';

/** Said where an organization has no owner, with the way out. */
export const NO_OWNER = `The organization has no owner: add a member with the role ${OWNER_ROLE}, or give one this role.`;

/** Role of a member where none is named. */
export const MEMBER_ROLE = 'org:member';

/** The fields of a member that are texts. */
type MemberTexts = Pick<Member, 'externalId' | 'email' | 'displayName' | 'role'>;

/** Throws `member.invalid` for a text that not every database can store. `email` and `displayName` may be null. */
export function assertMemberTexts({ externalId, email, displayName, role }: MemberTexts): void {
  for (const [name, text] of Object.entries({ external_id: externalId, email, display_name: displayName, role })) {
    if (text === null || isDisplayName(text)) continue;
    throw new IdentityError('member.invalid', `The ${name} of a member ${DISPLAY_NAME_RULE}.`);
  }
}
