import { oneOf, present, text, type Raw } from '../../search-params.js';

/** What the list of organizations shows. */
export interface OrganizationsSearch {
  readonly search?: string;
}

/** Reads the parameters of the list of organizations. */
export function organizationsSearch(search: Raw): OrganizationsSearch {
  return present({ search: text(search['search']) });
}

/** Which part of an organization is shown; left out: the keys. */
export interface OrganizationSearch {
  readonly tab?: 'members' | undefined;
  /** Whether revoked keys are shown, too. */
  readonly revoked?: true;
}

/** Reads the parameters of the page of an organization. */
export function organizationSearch(search: Raw): OrganizationSearch {
  return present({
    tab: oneOf(search['tab'], ['members'] as const),
    revoked: search['revoked'] === true ? (true as const) : undefined,
  });
}
