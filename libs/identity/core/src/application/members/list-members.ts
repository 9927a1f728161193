import { isStorableText } from '../../domain/display-name.js';
import type { ListedMember } from '../../domain/member.js';
import { fromCursor, type Page, toCursor } from '../page.js';
import type { MemberRepository } from '../ports/member-repository.js';

/** The requested part of the list. */
export interface ListMembersRequest {
  /** The most members that the page may have. */
  readonly limit: number;
  /** `next` of the page before. Default: the beginning. */
  readonly cursor?: string | undefined;
  /** Only members with exactly this role. Default: all. */
  readonly role?: string | undefined;
  /** Only the member with exactly this id in the identity provider. Default: all. */
  readonly externalId?: string | undefined;
}

/** Lists the members of one organization, newest first, disabled ones too. */
export class ListMembers {
  constructor(private readonly members: MemberRepository) {}

  /** @throws IdentityError `cursor.invalid` */
  async execute(organizationId: string, request: ListMembersRequest): Promise<Page<ListedMember>> {
    const { limit, cursor, role, externalId } = request;
    const after = cursor === undefined ? undefined : fromCursor(cursor).id;
    // What no database stores, no member has.
    if (![role, externalId].every((text) => text === undefined || isStorableText(text)))
      return { items: [], next: null };
    const found = await this.members.list(organizationId, { limit: limit + 1, after, role, externalId });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, next: found.length > limit && last !== undefined ? toCursor(last) : null };
  }
}
