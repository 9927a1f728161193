import { isStorableText } from '../../domain/display-name.js';
import type { Organization } from '../../domain/organization.js';
import { fromCursor, type Page, toCursor } from '../page.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';

/** The requested part of the list. */
export interface ListOrganizationsRequest {
  /** The most organizations that the page may have. */
  readonly limit: number;
  /** `next` of the page before. Default: the beginning. */
  readonly cursor?: string | undefined;
  /** Only organizations whose name contains this text, in any case of ASCII letters. Default: all. */
  readonly search?: string | undefined;
}

/** Lists the organizations of the installation. For operators and applications: no key has this right. */
export class ListOrganizations {
  constructor(private readonly organizations: OrganizationRepository) {}

  /** All of them, oldest first. */
  execute(): Promise<Organization[]> {
    return this.organizations.list();
  }

  /**
   * A part of them, newest first.
   *
   * @throws IdentityError `cursor.invalid`
   */
  async page({ limit, cursor, search }: ListOrganizationsRequest): Promise<Page<Organization>> {
    const after = cursor === undefined ? undefined : fromCursor(cursor);
    // What no database stores, no name contains.
    if (search !== undefined && !isStorableText(search)) return { items: [], next: null };
    const found = await this.organizations.listPage({ limit: limit + 1, after, search });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, next: found.length > limit && last !== undefined ? toCursor(last) : null };
  }
}
